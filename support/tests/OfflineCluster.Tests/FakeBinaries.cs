namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>Programs that tell a Kubernetes version and do nothing else.</summary>
internal static class FakeBinaries
{
    /// <summary>The five that make a Kubernetes.</summary>
    public static readonly string[] All = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

    /// <summary>Makes them in a new folder, which the caller deletes.</summary>
    public static string Make(string release, params string[] names)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        foreach (var name in names) Write(folder, name, $"echo Kubernetes v{release}");
        return folder;
    }

    /// <summary>An executable script of that name.</summary>
    public static void Write(string folder, string name, string script)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
