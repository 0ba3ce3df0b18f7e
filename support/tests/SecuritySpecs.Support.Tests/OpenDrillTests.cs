namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class OpenDrillTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("open-drill-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [TestCase("closed, 7 s after it was opened", true)]
    [TestCase("still open after 7 s: tenant \"blue\" can read the secret", false)]
    public async Task Who_asks_gets_the_answer(string words, bool closed)
    {
        using var drill = OpenDrill.Announce(_folder);
        drill.IsAsked().Should().BeFalse();

        var asked = OpenDrill.AskAsync(_folder, CancellationToken.None);
        await Poll.UntilAsync("the question", () => Task.FromResult(drill.IsAsked()), q => q, q => $"{q}");
        asked.IsCompleted.Should().BeFalse();
        drill.Answer(words);

        (await asked).Should().Be((closed, words));
        drill.IsAsked().Should().BeFalse("it was answered");
    }

    [Test]
    public async Task Without_an_open_drill_nobody_waits() =>
        await FluentActions.Awaiting(() => OpenDrill.AskAsync(_folder, CancellationToken.None)).Should().ThrowAsync<EnvironmentException>().WithMessage("no drill is open*");

    [Test]
    public async Task A_drill_that_ends_without_an_answer_keeps_nobody_waiting()
    {
        var drill = OpenDrill.Announce(_folder);
        var asked = OpenDrill.AskAsync(_folder, CancellationToken.None);
        drill.Dispose();

        await FluentActions.Awaiting(() => asked).Should().ThrowAsync<EnvironmentException>().WithMessage("no drill is open*");
    }

    [Test]
    public void One_drill_is_open_at_a_time()
    {
        using var drill = OpenDrill.Announce(_folder);

        FluentActions.Invoking(() => OpenDrill.Announce(_folder)).Should().Throw<EnvironmentException>().WithMessage("another drill*");
    }
}
