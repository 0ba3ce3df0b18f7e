using SecuritySpecs.FleetProgram.Gpus;

namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>
/// What a fake GPU measures. It follows from the GPU's index, from the time in whole seconds and from whether a container holds
/// it: who computes it again gets the same.
/// </summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Busy">Whether a container holds it; one that does is taken to use it.</param>
/// <param name="MemoryMiB">Its frame buffer.</param>
/// <param name="Alarm">What it is made to look like.</param>
/// <param name="At">When.</param>
internal sealed record GpuReading(Gpu Gpu, bool Busy, int MemoryMiB, Alarm Alarm, DateTimeOffset At)
{
    private const double Period = 60;
    private const double IdlePower = 60;
    private const double AveragePower = 300;

    // From 0 to 1 and back within a minute; neighbours are at different places.
    private double Wave => (1 + Math.Sin(2 * Math.PI * (At.ToUnixTimeSeconds() / Period + Gpu.Index / 8.0))) / 2;

    private bool Works => Busy && Alarm is not (Alarm.Xid or Alarm.Idle);

    /// <summary>Percent.</summary>
    public double Utilization => Works ? Math.Round(60 + 35 * Wave) : 0;

    /// <summary>Percent.</summary>
    public double MemoryCopyUtilization => Works ? Math.Round(20 + 25 * Wave) : 0;

    /// <summary>From 0 to 1.</summary>
    public double EngineActive => Math.Round(Utilization / 100 * 0.97, 4);

    /// <summary>From 0 to 1.</summary>
    public double DramActive => Math.Round(MemoryCopyUtilization / 100 * 0.9, 4);

    /// <summary>MiB.</summary>
    public double MemoryUsed => Alarm == Alarm.Idle || !Busy ? 0 : Math.Floor(MemoryMiB * 0.75);

    /// <summary>MiB.</summary>
    public double MemoryFree => MemoryMiB - MemoryUsed;

    /// <summary>Degrees Celsius. At 97 such a card is about to switch itself off.</summary>
    public double Temperature => Alarm == Alarm.Thermal ? 97 : Math.Round(31 + 0.35 * Utilization);

    /// <summary>Degrees Celsius.</summary>
    public double MemoryTemperature => Temperature + 6;

    /// <summary>Watts.</summary>
    public double Power => Math.Round(IdlePower + 3.2 * Utilization, 3);

    /// <summary>Millijoules since the first day of 2026: a counter must not fall.</summary>
    public double Energy => Math.Round((At - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds) * AveragePower * 1000;

    /// <summary>MHz. A card that is too hot slows down.</summary>
    public double SmClock => Alarm == Alarm.Thermal ? 210 : Works ? 1410 : 345;

    /// <summary>MHz.</summary>
    public double MemoryClock => Works ? 1593 : 405;

    /// <summary>The driver's last error: 79 is 'GPU has fallen off the bus', 48 is 'double bit ECC error', 0 is none.</summary>
    public double XidErrors => Alarm switch { Alarm.Xid => 79, Alarm.Ecc => 48, _ => 0 };

    /// <summary>Errors in memory that could not be corrected.</summary>
    public double DoubleBitErrors => Alarm == Alarm.Ecc ? 12 : 0;
}
