using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using SecuritySpecs.Cluster;
using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Rbac.Tests;

/// <summary>
/// The analysis and a real API server are asked the same random questions about the same random objects. SPECS_SEED repeats
/// a run.
/// </summary>
[TestFixture]
public sealed class AnalysisTests : IDisposable
{
    private const int Questions = 2500;
    private const string Api = "/apis/rbac.authorization.k8s.io/v1/";
    private readonly ulong _seed = Environment.GetEnvironmentVariable("SPECS_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private K3sCluster? _cluster;
    private KubeApi _admin = null!;
    private World _world = null!;

    [OneTimeSetUp]
    public async Task FillACluster()
    {
        if (await ContainerEngine.DescribeAsync() is null)
            Assert.Ignore("Needs a container engine.");
        var options = await new RunImages(RunOptions.FromEnvironment() with { Cluster = RunOptions.K3s, Keep = false }, TestContext.Progress.WriteLine).PrepareAsync();
        _cluster = await K3sCluster.StartAsync(options with { RunId = "rbac" + options.RunId[..4] }, ["rbac-1"]);
        _admin = new(_cluster.Admin, "platform admin");
        _world = World.Random.Sample(1, new Rnd(_seed), 1).Single();
        foreach (var name in World.Namespaces)
            (await _admin.PostAsync("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } })).OrThrow();
        await Parallel.ForEachAsync(_world.Objects, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (item, _) => (await _admin.PostAsync(item.Collection, item.Object.DeepClone())).OrThrow());
        await AwaitAggregationAsync();
        await AwaitAuthoriserAsync();
    }

    [OneTimeTearDown]
    public async Task EndTheCluster()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    public void Dispose() => _admin?.Dispose();

    [Test]
    public async Task The_analysis_and_the_API_server_answer_every_question_alike()
    {
        var clock = Stopwatch.StartNew();
        var snapshot = await RbacSnapshot.ReadAsync(_admin);
        var analysis = new RbacAnalysis(snapshot);
        var review = new AccessReview(_admin);
        var asked = new List<Question>();
        var ours = _world.Objects.Select(o => (string)o.Object["metadata"]!["name"]!).ToHashSet();
        var property = Prop.ForAll(
            Arb.From(Question.About(snapshot, [.. snapshot.Bindings.Where(b => ours.Contains(b.Name))]), q => q.Smaller()),
            question =>
            {
                asked.Add(question);
                var claimed = analysis.Allows(question.User, question.Groups, question.Request);
                var (allowed, reason) = review.AllowsAsync(question.User, question.Groups, question.Request).GetAwaiter().GetResult();
                return (claimed == allowed).Label(claimed == allowed ? "" : Disagreement(snapshot, analysis, question, claimed, reason));
            });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Questions).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(_seed), FSharpOption<int>.None))), property);

        asked.Should().HaveCount(Questions);
        var share = asked.Count(q => analysis.Allows(q.User, q.Groups, q.Request)) / (double)asked.Count;
        TestContext.Out.WriteLine($"{asked.Count} questions, {asked.Distinct().Count()} different, in {clock.Elapsed.TotalSeconds:0.0} s: {share:P0} allowed");
        share.Should().BeInRange(0.2, 0.8, "both answers must be well represented");
        DecidedBy(snapshot, analysis, asked).Where(f => f.Value == 0).Select(f => f.Key)
            .Should().BeEmpty("each part of the language must have decided some question (seed {0})", _seed);
    }

    [Test]
    public async Task Who_can_lists_exactly_those_that_may()
    {
        var snapshot = await RbacSnapshot.ReadAsync(_admin);
        var analysis = new RbacAnalysis(snapshot);
        var grants = DangerousRight.All.ToDictionary(r => r, r => analysis.WhoCan(r));
        var subjects = snapshot.Bindings.SelectMany(b => b.Subjects).Distinct().ToList();
        var differences = (
            from right in DangerousRight.All
            from subject in subjects
            from place in World.Namespaces.Prepend(null)
            let listed = IsListed(grants[right], subject, place)
            where listed != May(analysis, right, subject, place)
            select $"{subject} {(listed ? "is listed, but may not" : "may, but is not listed to")} {right} in {place ?? "the whole cluster"}").ToList();
        differences.Should().BeEmpty("seed {0}", _seed);

        var review = new AccessReview(_admin);
        var listings = grants.Values.SelectMany(g => g).ToList();
        var refused = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(listings, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (grant, _) =>
        {
            if (!(await review.AllowsAsync(grant.Subject.Identity.User, grant.Subject.Identity.Groups, grant.Example)).Allowed)
                refused.Add($"{grant}: {grant.Example}");
        });
        refused.Should().BeEmpty("seed {0}", _seed);
        listings.Count(g => g.Names.Count > 0).Should().BePositive("rights to some objects are listed, too");
        TestContext.Out.WriteLine($"{listings.Count} listings, {listings.Count(g => g.Binding?.Namespace is not null)} of them in a namespace");
    }

    // Who asks is the subject and what it is by that.
    private static bool IsListed(IEnumerable<RightGrant> grants, RbacSubject subject, string? place)
    {
        var (user, groups) = subject.Identity;
        return grants.Any(g => (g.Subject == RbacSubject.User(user) || (g.Subject.Kind == SubjectKind.Group && groups.Contains(g.Subject.Name)))
            && (g.Namespace is null || g.Namespace == place));
    }

    private static bool May(RbacAnalysis analysis, DangerousRight right, RbacSubject subject, string? place) =>
        right.Questions.Any(q => May(analysis, q, subject, place) && (q.With is null || May(analysis, q.With, subject, place)));

    private static bool May(RbacAnalysis analysis, RightQuestion question, RbacSubject subject, string? place) =>
        Each(question).Any(q => (q.Nameable ? World.Names.Append("") : [""])
            .Any(name => analysis.Allows(subject.Identity.User, subject.Identity.Groups, q.Example(place, name))));

    // Where any subresource will do, those that the rules of this world can name.
    private static IEnumerable<RightQuestion> Each(RightQuestion question) =>
        question.Subresource == "*" ? World.Subresources.Append("scopes").Select(s => question with { Subresource = s }) : [question];

    private static Dictionary<string, int> DecidedBy(RbacSnapshot snapshot, RbacAnalysis analysis, List<Question> asked)
    {
        var counts = new Dictionary<string, int>();
        foreach (var (feature, change) in Features.All)
        {
            var otherwise = new RbacAnalysis(change(snapshot));
            counts[feature] = asked.Count(q => analysis.Allows(q.User, q.Groups, q.Request) != otherwise.Allows(q.User, q.Groups, q.Request));
            TestContext.Out.WriteLine($"{counts[feature],6} decided by: {feature}");
        }

        counts["system:masters"] = asked.Count(q => q.Groups.Contains(RbacSubject.Masters)
            && !analysis.Allows(q.User, [.. q.Groups.Except([RbacSubject.Masters])], q.Request));
        return counts;
    }

    private string Disagreement(RbacSnapshot snapshot, RbacAnalysis analysis, Question question, bool claimed, string reason)
    {
        var subjects = question.Groups.Select(RbacSubject.Group).Prepend(RbacSubject.User(question.User)).ToList();
        var concerned = snapshot.Bindings.Where(b => b.Subjects.Any(subjects.Contains))
            .Select(b => $"  {b}: {string.Join("; ", analysis.RoleOf(b)?.Rules.Select(Text) ?? ["there is no such role"])}");
        return $"""
            {question}?
            The analysis says {(claimed ? "yes" : "no")}, the API server {(claimed ? "no" : "yes")} ({reason}). Repeat with SPECS_SEED={_seed}. Objects concerned:
            {string.Join('\n', concerned)}
            """;
    }

    private static string Text(RbacRule r) => r.Urls.Count > 0
        ? $"{string.Join(',', r.Verbs)} {string.Join(',', r.Urls)}"
        : $"{string.Join(',', r.Verbs)} {string.Join(',', r.Groups.Select(g => $"\"{g}\""))}/{string.Join(',', r.Resources)}{(r.Names.Count == 0 ? "" : $" named {string.Join(',', r.Names)}")}";

    // The controller fills aggregated roles in its own time; what it must come to is computed from the other roles.
    private async Task AwaitAggregationAsync()
    {
        await Poll.UntilAsync("the aggregated ClusterRoles to be filled in", () => RbacSnapshot.ReadAsync(_admin), s => Unfilled(s).Count == 0,
            s => string.Join(", ", Unfilled(s)));

        static List<string> Unfilled(RbacSnapshot snapshot)
        {
            var filled = snapshot.Refilled();
            return [.. snapshot.Roles.Where(r => r.Aggregates.Count > 0 && Rules(r) != Rules(filled.Roles.Single(f => f.Namespace is null && f.Name == r.Name))).Select(r => r.Name)];
        }

        static string Rules(RbacRole role) => string.Join('\n', role.Rules.Select(Text).Distinct().Order(StringComparer.Ordinal));
    }

    // The authoriser learns of objects by a watch of each kind, in order: what was written last of each kind decides here.
    private async Task AwaitAuthoriserAsync()
    {
        var space = World.Namespaces[0];
        var rules = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("get"), ["apiGroups"] = new JsonArray(""), ["resources"] = new JsonArray("sentinels") });
        foreach (var (kind, collection) in ((string, string)[])[("ClusterRole", "clusterroles"), ("Role", $"namespaces/{space}/roles")])
        {
            (await _admin.PostAsync(Api + collection, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "sentinel" }, ["rules"] = rules.DeepClone() })).OrThrow();
            (await _admin.PostAsync(Api + (kind == "Role" ? $"namespaces/{space}/rolebindings" : "clusterrolebindings"), new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "sentinel" },
                ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = kind, ["name"] = "sentinel" },
                ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = $"sentinel-{kind}" }),
            })).OrThrow();
            var review = new AccessReview(_admin);
            await Poll.UntilAsync($"the authoriser to know the {kind} that was written last",
                () => review.AllowsAsync($"sentinel-{kind}", [], new("get", "", "sentinels", Namespace: space)), a => a.Allowed, a => a.Reason);
        }
    }
}
