using SecuritySpecs.ClusterDns;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>What cluster DNS does with its dnsmasq, with one that takes its time to listen to signals.</summary>
[TestFixture]
internal sealed class ResolverTests
{
    // It ends by itself, for whoever started it may not be there any more.
    private const string Dnsmasq = """
        exec perl -e '
          alarm 15;
          select undef, undef, undef, 0.4;
          $SIG{HUP} = sub { open F, ">", "$ENV{FAKE_DNSMASQ}/read"; close F };
          select undef, undef, undef, 0.1 while 1'
        """;

    [Test]
    public async Task One_that_has_just_started_is_not_ended_by_being_told_to_read_again()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var path = Environment.GetEnvironmentVariable("PATH");
        FakeBinaries.Write(folder, "dnsmasq", Dnsmasq);
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{folder}:{path}");
            Environment.SetEnvironmentVariable("FAKE_DNSMASQ", folder);
            var resolver = new Resolver();
            resolver.Start();
            await resolver.ReloadAsync();

            var read = await Shell.Await("dnsmasq to read again", () => Task.FromResult(resolver.Ended.IsCompleted ? resolver.Ended.Result : File.Exists(folder + "/read") ? "again" : null), () => Task.FromResult("nothing"));
            read.Should().Be("again");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            Directory.Delete(folder, recursive: true);
        }
    }
}
