namespace Specs.Tests;

/// <summary>The real mutation run, on a few mistakes that stay the same: it finds them, and it ends what it began.</summary>
[TestFixture]
public sealed class MutationSampleTests
{
    private const string AnyRun = "label=security.specs/run";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    [Test]
    public void A_sample_of_mistakes_in_the_files_under_test_is_found()
    {
        Need.Engine();
        var folder = Directory.CreateTempSubdirectory("specs-mutate-").FullName;
        try
        {
            var before = Containers.All("--filter", AnyRun);
            var environment = new Dictionary<string, string?>(OuterRun.Forgotten.Where(variable => variable.Key != "SPECS_K3S_IMAGE")) { ["SPECS_RESULTS"] = folder };

            using var run = new Command(Repository.At("support", "specs"), environment, "mutate", "--sample", "15", "--seed", "2");
            var outcome = run.Wait(Deadline);

            outcome.ExitCode.Should().Be(0, outcome.Output + outcome.Errors);
            outcome.LastLine.Should().MatchRegex("^1[0-5] killed, 0 survived, 0 killed by error only, 0 noisy, .* 0 timed out, .* 0 pending$");
            Containers.All("--filter", AnyRun).Should().BeEquivalentTo(before, "the cluster ends with the mutation run");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
