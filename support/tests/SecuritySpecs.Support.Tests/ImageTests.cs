using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tests;

/// <summary>What prepares images: keys and archives in the cache folder, steps that tell how far they are, programs that can be ended.</summary>
[TestFixture]
[NonParallelizable] // the cache folder is the process'
public sealed class ImageTests
{
    private const string CacheVariable = "XDG_CACHE_HOME";
    private readonly string? _cache = Environment.GetEnvironmentVariable(CacheVariable);
    private readonly List<string> _told = [];
    private string _folder = "";

    [SetUp]
    public void MoveTheCache()
    {
        _told.Clear();
        Environment.SetEnvironmentVariable(CacheVariable, _folder = Directory.CreateTempSubdirectory("specs-images-").FullName);
    }

    [TearDown]
    public void PutItBack()
    {
        Environment.SetEnvironmentVariable(CacheVariable, _cache);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_key_follows_the_content_and_the_paths_of_sources_and_not_what_is_built_of_them()
    {
        Write("Fleet/Program.cs", "first");
        var before = Key();
        Write("Fleet/bin/fleet.dll", "built");
        Write("Fleet/obj/Debug/x.json", "built");
        Key().Should().Be(before);

        Write("Fleet/Program.cs", "second");
        var changed = Key();
        Write("Fleet/Other.cs", "");
        string[] keys = [before, changed, Key(), ImageCache.Key(_folder, ["Fleet"], "another base")];
        keys.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task An_archive_is_made_once_and_its_folder_of_work_goes()
    {
        var made = 0;
        var archive = ImageCache.Archive("fleet", "0123");
        Task Make(string work)
        {
            Directory.Exists(work).Should().BeTrue();
            made++;
            File.WriteAllText(archive, "archive");
            return Task.CompletedTask;
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ImageCache.EnsureAsync(archive, _told.Add, Make, CancellationToken.None)));

        made.Should().Be(1);
        Directory.GetDirectories(RunOptions.CacheFolder).Should().BeEmpty();
    }

    [Test]
    public async Task Archives_that_nobody_has_used_for_a_week_go_when_a_new_one_comes()
    {
        Directory.CreateDirectory(RunOptions.CacheFolder);
        var (old, recent, other) = (ImageCache.Archive("fleet", "old"), ImageCache.Archive("fleet", "recent"), ImageCache.Archive("prometheus", "old"));
        foreach (var file in (string[])[old, recent, other])
            File.WriteAllText(file, "archive");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-8));
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-8));

        await ImageCache.EnsureAsync(ImageCache.Archive("fleet", "new"), _told.Add, _ => Task.CompletedTask, CancellationToken.None);

        File.Exists(old).Should().BeFalse();
        File.Exists(recent).Should().BeTrue();
        File.Exists(other).Should().BeTrue("it is another image's");
    }

    [Test]
    public void A_refusal_is_remembered_for_a_day()
    {
        const string Image = "rancher/k3s:v1.30.11-k3s1";
        ImageCache.RefusalOf(Image).Should().BeNull();

        ImageCache.Remember(Image, "no such host");
        ImageCache.RefusalOf(Image).Should().Be("no such host");
        ImageCache.RefusalOf("rancher/k3s:v1.36.4").Should().BeNull();

        var file = Directory.GetFiles(RunOptions.CacheFolder).Single();
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-25));
        ImageCache.RefusalOf(Image).Should().BeNull();
    }

    [Test]
    public async Task A_step_tells_what_it_does_and_its_failure_is_the_works()
    {
        await Step.RunAsync(_told.Add, "Pulling x", _ => Task.CompletedTask);
        _told.Should().Equal("Pulling x ...");

        var fails = () => Step.RunAsync(_told.Add, "Pulling y", _ => throw new EnvironmentException("refused"));
        (await fails.Should().ThrowAsync<EnvironmentException>()).WithMessage("refused");
    }

    [Test]
    public async Task A_program_is_heard_line_by_line_and_its_exit_code_is_told()
    {
        var output = new List<string>();
        var exit = await ChildProcess.RunAsync(new ProcessStartInfo("sh", ["-c", "echo one; echo two >&2; exit 3"]), output.Add, _told.Add, CancellationToken.None);

        exit.Should().Be(3);
        output.Should().Equal("one");
        _told.Should().Equal("two");
    }

    [Test]
    public async Task A_program_that_is_cancelled_may_tidy_up()
    {
        using var cancel = new CancellationTokenSource();
        var run = ChildProcess.RunAsync(new ProcessStartInfo("sh", ["-c", "trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.05; done"]),
            line =>
            {
                _told.Add(line);
                if (line == "ready")
                    cancel.CancelAfter(1);
            }, _ => { }, cancel.Token);

        await run.Invoking(async r => await r).Should().ThrowAsync<OperationCanceledException>();
        _told.Should().Equal("ready", "tidied");
    }

    [Test]
    public async Task A_program_that_is_not_there_is_named()
    {
        var start = () => ChildProcess.RunAsync(new ProcessStartInfo("/nowhere/program"), _told.Add, _told.Add, CancellationToken.None);
        (await start.Should().ThrowAsync<EnvironmentException>()).WithMessage("/nowhere/program cannot be started: *");
    }

    [Test]
    public async Task An_image_that_is_named_and_cannot_be_had_is_an_error_that_says_why()
    {
        if (await ContainerEngine.DescribeAsync() is null)
            Assert.Ignore("Needs a container engine.");
        var options = RunOptions.FromEnvironment() with { Cluster = RunOptions.K3s, K3sImage = "127.0.0.1:1/none:1" };

        var prepare = () => new RunImages(options, _told.Add).PrepareAsync();

        (await prepare.Should().ThrowAsync<EnvironmentException>()).WithMessage("the image 127.0.0.1:1/none:1 is not here and cannot be pulled: *refused*");
        _told.Should().Contain("Pulling 127.0.0.1:1/none:1 ...");
    }

    private string Key() => ImageCache.Key(_folder, ["Fleet"], "base");

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), text);
    }
}
