namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>The words of HAMi 2.10, by which webhook, scheduler and device plugin understand each other.</summary>
internal static class Hami
{
    /// <summary>The scheduler's name; the webhook writes it into pods.</summary>
    public const string Scheduler = "hami-scheduler";

    /// <summary>Kubernetes' own; the webhook replaces it (HAMi's default <c>forceOverwriteDefaultScheduler: true</c>).</summary>
    public const string DefaultScheduler = "default-scheduler";

    /// <summary>The share's resource. HAMi's <c>resourceName</c> is a setting; its default, nvidia.com/gpu, is the whole GPUs' here.</summary>
    public const string DefaultResource = "nvidia.com/vgpu";

    /// <summary>Memory in MiB; no node advertises it.</summary>
    public const string Memory = "nvidia.com/gpumem";

    /// <summary>Memory in percent of the GPU's.</summary>
    public const string MemoryPercentage = "nvidia.com/gpumem-percentage";

    /// <summary>Computing time in percent.</summary>
    public const string Cores = "nvidia.com/gpucores";

    /// <summary>On a node: its GPUs, as JSON (<see cref="SharedGpu.Encode"/>).</summary>
    public const string Register = "hami.io/node-nvidia-register";

    /// <summary>On a node: which pod is being given its devices, as <c>TIME,NAMESPACE,POD</c>. The kubelet does not say for whom it allocates.</summary>
    public const string Lock = "hami.io/mutex.lock";

    /// <summary>On a pod, written by the scheduler and emptied by the plugin: the slices still to be handed out.</summary>
    public const string ToAllocate = "hami.io/vgpu-devices-to-allocate";

    /// <summary>On a pod: its slices for as long as it lives; what the scheduler counts.</summary>
    public const string Allocated = "hami.io/vgpu-devices-allocated";

    /// <summary>On a pod: the node chosen for it.</summary>
    public const string Node = "hami.io/vgpu-node";

    /// <summary>On a pod: when the node was chosen, in seconds since 1970.</summary>
    public const string Time = "hami.io/vgpu-time";

    /// <summary>On a pod: when it was bound, in seconds since 1970.</summary>
    public const string BindTime = "hami.io/bind-time";

    /// <summary>On a pod: how far the hand-out is.</summary>
    public const string BindPhase = "hami.io/bind-phase";

    /// <summary>The scheduler has chosen; the plugin has not answered yet.</summary>
    public const string Allocating = "allocating";

    /// <summary>The plugin handed everything out.</summary>
    public const string Success = "success";

    /// <summary>The plugin could not.</summary>
    public const string Failed = "failed";

    /// <summary>What HAMi-core takes as the cap, with a unit: <c>3000m</c> is 3000 MiB; 0 or absent is no cap.</summary>
    public const string MemoryLimitVariable = "CUDA_DEVICE_MEMORY_LIMIT_0";

    /// <summary>What HAMi-core takes as the share of computing time, in percent.</summary>
    public const string CoreLimitVariable = "CUDA_DEVICE_SM_LIMIT";

    /// <summary>With <c>true</c> on a container HAMi's plugin leaves out <see cref="Preload"/>, and so the cap.</summary>
    public const string DisableVariable = "CUDA_DISABLE_CONTROL";

    /// <summary>Mounted into the container; it makes the dynamic loader put <see cref="Library"/> into every process.</summary>
    public const string Preload = "/etc/ld.so.preload";

    /// <summary>HAMi-core, which counts a process's GPU memory and refuses above the cap.</summary>
    public const string Library = "/usr/local/vgpu/libvgpu.so";
}
