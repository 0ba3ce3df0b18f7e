namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>One of DCGM's fields as the exporter serves it.</summary>
/// <param name="Name">DCGM's name of it.</param>
/// <param name="Type">Prometheus' type: <c>gauge</c> or <c>counter</c>.</param>
/// <param name="Help">What it means, and in which unit.</param>
/// <param name="Value">Its value for a GPU.</param>
internal sealed record DcgmField(string Name, string Type, string Help, Func<GpuReading, double> Value);

/// <summary>
/// The fields served: a choice of those that NVIDIA's dcgm-exporter serves by default (its default-counters.csv), by the same
/// names and types, with the errors of memory (ECC) and two profiling fields, which operators commonly switch on.
/// </summary>
internal static class DcgmFields
{
    public static readonly IReadOnlyList<DcgmField> All =
    [
        new("DCGM_FI_DEV_SM_CLOCK", "gauge", "Clock of the multiprocessors (MHz).", g => g.SmClock),
        new("DCGM_FI_DEV_MEM_CLOCK", "gauge", "Clock of the memory (MHz).", g => g.MemoryClock),
        new("DCGM_FI_DEV_MEMORY_TEMP", "gauge", "Temperature of the memory (C).", g => g.MemoryTemperature),
        new("DCGM_FI_DEV_GPU_TEMP", "gauge", "Temperature of the GPU (C).", g => g.Temperature),
        new("DCGM_FI_DEV_POWER_USAGE", "gauge", "Power drawn (W).", g => g.Power),
        new("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Energy used so far (mJ).", g => g.Energy),
        new("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", "counter", "Retries on the PCIe bus so far.", _ => 0),
        new("DCGM_FI_DEV_GPU_UTIL", "gauge", "Share of time in which the GPU worked (%).", g => g.Utilization),
        new("DCGM_FI_DEV_MEM_COPY_UTIL", "gauge", "Share of time in which memory was read or written (%).", g => g.MemoryCopyUtilization),
        new("DCGM_FI_DEV_ENC_UTIL", "gauge", "Share of time in which the encoder worked (%).", _ => 0),
        new("DCGM_FI_DEV_DEC_UTIL", "gauge", "Share of time in which the decoder worked (%).", _ => 0),
        new("DCGM_FI_DEV_XID_ERRORS", "gauge", "Code of the driver's last XID error.", g => g.XidErrors),
        new("DCGM_FI_DEV_FB_FREE", "gauge", "Frame buffer that is free (MiB).", g => g.MemoryFree),
        new("DCGM_FI_DEV_FB_USED", "gauge", "Frame buffer in use (MiB).", g => g.MemoryUsed),
        new("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "counter", "Single-bit errors in memory since the driver was loaded.", _ => 0),
        new("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "counter", "Double-bit errors in memory since the driver was loaded.", g => g.DoubleBitErrors),
        new("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "gauge", "Share of time in which a graphics or compute engine worked (0 to 1).", g => g.EngineActive),
        new("DCGM_FI_PROF_DRAM_ACTIVE", "gauge", "Share of time in which the memory's interface worked (0 to 1).", g => g.DramActive),
    ];
}
