namespace Specs.Tests;

/// <summary>What a test may need of the machine: it is skipped, with the reason, where that is missing.</summary>
public static class Need
{
    /// <summary>The rights of root.</summary>
    public static void Root()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Ignore("Needs root.");
    }

    /// <summary>A program on the PATH.</summary>
    public static void Program(string name)
    {
        if (Command.Run("bash", new Dictionary<string, string?>(), "-c", $"command -v {name}").ExitCode != 0)
            Assert.Ignore($"Needs the program {name}.");
    }

    /// <summary>A machine whose services are not started by systemd.</summary>
    public static void NoSystemd()
    {
        if (Directory.Exists("/run/systemd/system"))
            Assert.Ignore("Needs a machine without systemd: there `specs` starts dockerd by itself.");
    }

    /// <summary>A container engine.</summary>
    public static void Engine()
    {
        Program("docker");
        var answer = Command.Run("docker", new Dictionary<string, string?>(), "version", "--format", "{{.Server.Version}}");
        if (answer.ExitCode != 0)
            Assert.Ignore($"Needs a container engine: {answer.Errors.Trim()}");
    }
}
