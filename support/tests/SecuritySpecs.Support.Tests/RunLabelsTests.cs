namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RunLabelsTests
{
    [Test]
    public void This_process_is_alive() => ContainerLabels.IsAlive(ContainerLabels.ThisProcess()).Should().BeTrue();

    [Test]
    public void Another_process_under_the_same_number_is_not_the_owner()
    {
        var pid = ContainerLabels.ThisProcess().Split('-')[0];

        ContainerLabels.IsAlive($"{pid}-1").Should().BeFalse("it started at another time");
        ContainerLabels.IsAlive("no-process").Should().BeFalse();
    }

    [Test]
    [Platform("Linux")]
    public async Task A_process_that_has_ended_but_was_not_collected_is_dead()
    {
        // The shell turns into a sleep, which never collects the child that the shell has started.
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true })!;
        try
        {
            var pid = int.Parse((await parent.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
            string owner;
            using (var child = Process.GetProcessById(pid))
                owner = $"{pid}-{new DateTimeOffset(child.StartTime).ToUnixTimeSeconds()}";
            ContainerLabels.IsAlive(owner).Should().BeTrue("it sleeps");

            await Kube.Poll.UntilAsync("the child to count as dead", () => Task.FromResult(ContainerLabels.IsAlive(owner)), alive => !alive, alive => alive ? "alive" : "dead", TimeSpan.FromSeconds(10));

            Directory.Exists($"/proc/{pid}").Should().BeTrue("it is still there, uncollected: that is the point");
        }
        finally
        {
            parent.Kill();
        }
    }
}
