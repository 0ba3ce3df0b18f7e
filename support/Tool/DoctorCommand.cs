using System.Runtime.InteropServices;
using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool;

/// <summary><c>specs doctor</c>: what is here and what is missing.</summary>
internal sealed class DoctorCommand
{
    private const string Ok = "ok";
    private const string Optional = "--";
    private const string Missing = "MISSING";
    private bool _isMissing;

    public static async Task<int> RunAsync()
    {
        var doctor = new DoctorCommand();
        var root = RunOptions.FindRoot();
        doctor.LookAtMachine(root);
        doctor.LookAtDotnet(root);
        await doctor.LookAtEngineAsync(root);
        Console.WriteLine(doctor._isMissing ? "specs run cannot work here: see MISSING above." : "specs run can work here.");
        return doctor._isMissing ? 2 : 0;
    }

    private void LookAtMachine(string root)
    {
        Tell(Ok, "checkout", $"{root}: what is built and TestResults are this checkout's");
        Tell(Ok, "machine", $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.0} GiB memory, {Environment.UserName}");
        var cache = new DirectoryInfo(RunOptions.CacheFolder);
        try
        {
            cache.Create();
            using (File.Create(Path.Combine(cache.FullName, $"doctor-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose))
            {
            }

            var used = cache.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            var free = new DriveInfo(cache.FullName).AvailableFreeSpace;
            Tell(free < ImageCache.BytesOfABuild ? Missing : Ok, "cache folder", $"{cache}, this user's, of all checkouts: {used >> 20} MiB used, {free >> 20} MiB free{(free < ImageCache.BytesOfABuild ? $", {ImageCache.BytesOfABuild >> 20} needed" : "")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(Missing, "cache folder", $"{cache} cannot be written ({e.Message}): set XDG_CACHE_HOME");
        }
    }

    private void LookAtDotnet(string root)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { WorkingDirectory = root, RedirectStandardOutput = true })!;
        Tell(Ok, ".NET SDK", dotnet.StandardOutput.ReadToEnd().Trim());
        if (EngineAdvice.Has("gcc") || EngineAdvice.Has("clang"))
            Tell(Ok, "C linker", "gcc or clang: what runs in pods becomes machine code");
        else
            Tell(Optional, "C linker", "no gcc and no clang: pods start more slowly");
        if (File.Exists(Path.Combine(root, ".local-reqnroll-nunit")))
            Tell(Optional, "packages", "support/reqnroll-nunit in place of Reqnroll.NUnit, which this feed lacks (this checkout's .local-reqnroll-nunit)");
        else
            Tell(Ok, "packages", "the default ones, until a restore shows that the feed lacks some");
    }

    private async Task LookAtEngineAsync(string root)
    {
        if (await ContainerEngine.DescribeAsync() is not { } engine)
        {
            var (canStart, advice) = EngineAdvice.Find();
            Tell(canStart ? Optional : Missing, "container engine", advice);
            return;
        }

        Tell(Ok, "container engine", $"{engine.Version}, API {engine.ApiVersion}, {engine.Storage}, cgroup v{engine.Cgroup}");
        var k3s = RunOptions.Pinned(root, "k3s-image");
        if (await ContainerEngine.HasImageAsync(k3s))
            Tell(Ok, "k3s", $"{k3s} is here");
        else if (ImageCache.RefusalOf(k3s) is { } refusal)
            Tell(Optional, "k3s", $"{k3s} cannot be pulled here ({refusal.Trim()}): the offline cluster is used");
        else
            Tell(Optional, "k3s", $"{k3s} is not here: a run tries to pull it");
        var images = (await ContainerEngine.BuiltImagesAsync()).Count;
        Tell(images > 0 ? Ok : Optional, "images", images > 0 ? $"{images} built on this engine, of all checkouts (specs clean --cache removes them)" : "none built here yet");
        foreach (var (state, containers) in (await RunContainer.AllAsync()).GroupBy(c => c.State).OrderBy(g => g.Key).Select(g => (g.Key, g.ToList())))
            Tell(Optional, "containers", $"{containers.Count} {Whose(state, containers)}");
    }

    private static string Whose(ContainerState state, List<RunContainer> containers) => state switch
    {
        ContainerState.InUse => $"of runs that go on: {Runs(containers)}",
        ContainerState.Left => $"of killed runs: {Runs(containers)} (the next run, or specs clean, removes them)",
        ContainerState.Kept => $"of a cluster that this user keeps (specs clean ends it): KUBECONFIG={string.Join(", ", containers.Where(c => KeptCluster.IsKnown(c.Id)).Select(c => KeptCluster.KubeconfigOf(c.Id)))}",
        _ => "of clusters that other users keep (specs clean leaves them)",
    };

    private static string Runs(List<RunContainer> containers) => string.Join(", ", containers.Select(c => c.Run).Distinct());

    private void Tell(string state, string what, string text)
    {
        Console.WriteLine($"  {state,-7}  {what,-18} {text}");
        _isMissing |= state == Missing;
    }
}
