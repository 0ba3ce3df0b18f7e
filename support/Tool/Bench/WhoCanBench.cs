using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Rbac;

namespace SecuritySpecs.Tool.Bench;

/// <summary>
/// The analysis of who holds dangerous rights, at growing numbers of bindings, beside asking SubjectAccessReview for the same
/// answers on a cluster that has those bindings.
/// </summary>
internal static class WhoCanBench
{
    private const int Sample = 2000;
    private const int Parallelism = 8;
    private static readonly int[] Sizes = [100, 1000, 10000];

    public static async Task RunAsync()
    {
        Analyse(ManyBindings.Of(Sizes[0])); // the compiler's own work is not what is measured
        var options = RunOptions.FromEnvironment() with { Keep = false };
        await using var cluster = options.Cluster == RunOptions.K3s ? await K3sCluster.StartAsync(await new RunImages(options, Console.Error.WriteLine).PrepareAsync(), ["bench-1"]) : null;
        using var admin = cluster is null ? null : new KubeApi(cluster.Admin, "platform admin");
        var filled = new RbacSnapshot([], [], new Dictionary<string, IReadOnlyDictionary<string, string>>());
        foreach (var size in Sizes)
        {
            var snapshot = ManyBindings.Of(size);
            var times = Enumerable.Range(0, 5).Select(_ => Analyse(snapshot)).Order().ToList();
            Print($"who can: analysis of {size} bindings", times[times.Count / 2], size == 1000 ? "at most 1 s" : "");
            if (admin is null)
                continue;
            await FillAsync(admin, filled, snapshot);
            filled = snapshot;
            await ReviewAsync(admin, snapshot);
        }

        if (admin is null)
            Console.WriteLine("  SubjectAccessReview was not asked: a cluster that is not this project's own is not filled with bindings.");
    }

    private static TimeSpan Analyse(RbacSnapshot snapshot)
    {
        var clock = Stopwatch.StartNew();
        var analysis = new RbacAnalysis(snapshot);
        foreach (var right in DangerousRight.All)
            analysis.WhoCan(right);
        return clock.Elapsed;
    }

    // Who can do it where: each subject, each request of each right, in the whole cluster and in each namespace.
    private static async Task ReviewAsync(KubeApi admin, RbacSnapshot snapshot)
    {
        var clock = Stopwatch.StartNew();
        var read = await RbacSnapshot.ReadAsync(admin);
        Print("  reading them from the API server first", clock.Elapsed, "");
        var subjects = snapshot.Bindings.SelectMany(b => b.Subjects).Distinct().ToList();
        var questions = DangerousRight.All.SelectMany(r => r.Questions).ToList();
        var places = snapshot.Namespaces.Keys.Prepend(null).ToList();
        var all = (long)subjects.Count * questions.Sum(q => q.InNamespaces ? places.Count : 1);
        var random = new Random(7);
        var asked = Enumerable.Range(0, (int)Math.Min(all, Sample))
            .Select(_ => (Who: One(subjects).Identity, Request: One(questions).Example(One(places), ""))).ToList();
        var analysis = new RbacAnalysis(read);
        var review = new AccessReview(admin);
        var wrong = 0;
        clock.Restart();
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (question, _) =>
        {
            var (allowed, _) = await review.AllowsAsync(question.Who.User, question.Who.Groups, question.Request);
            if (allowed != analysis.Allows(question.Who.User, question.Who.Groups, question.Request))
                Interlocked.Increment(ref wrong);
        });
        Print("  the same by SubjectAccessReview", clock.Elapsed * ((double)all / asked.Count),
            string.Create(CultureInfo.InvariantCulture, $"{all} questions, {asked.Count} asked, {Parallelism} at a time{(all > asked.Count ? ", extrapolated" : "")}; {wrong} answered otherwise than by the analysis"));

        T One<T>(List<T> of) => of[random.Next(of.Count)];
    }

    private static async Task FillAsync(KubeApi admin, RbacSnapshot there, RbacSnapshot wanted)
    {
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
        await CreateAsync(wanted.Namespaces.Keys.Except(there.Namespaces.Keys).Select(n => ("/api/v1/namespaces", Named(n))));
        await CreateAsync(wanted.Roles.Skip(there.Roles.Count).Select(r => ($"{Rbac}/clusterroles", Role(r))));
        await CreateAsync(wanted.Bindings.Skip(there.Bindings.Count).Select(b =>
            (b.Namespace is null ? $"{Rbac}/clusterrolebindings" : $"{Rbac}/namespaces/{b.Namespace}/rolebindings", Binding(b))));
        var last = wanted.Bindings[^1];
        var (user, groups) = last.Subjects[0].Identity;
        var rule = wanted.Roles.Single(r => r.Name == last.Role).Rules[0];
        var review = new AccessReview(admin);
        await Poll.UntilAsync($"the authoriser to know {wanted.Bindings.Count} bindings",
            () => review.AllowsAsync(user, groups, new(rule.Verbs[0], rule.Groups[0], rule.Resources[0].Split('/')[0], rule.Resources[0].Split('/').ElementAtOrDefault(1) ?? "", Namespace: last.Namespace ?? "")),
            a => a.Allowed, a => a.Reason);

        Task CreateAsync(IEnumerable<(string Collection, JsonObject Object)> objects) => Parallel.ForEachAsync(objects,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (o, _) => (await admin.PostAsync(o.Collection, o.Object)).OrThrow());
    }

    private static JsonObject Role(RbacRole role)
    {
        var @object = Named(role.Name);
        @object["rules"] = new JsonArray([.. role.Rules.Select(r => new JsonObject { ["verbs"] = Texts(r.Verbs), ["apiGroups"] = Texts(r.Groups), ["resources"] = Texts(r.Resources) })]);
        return @object;
    }

    private static JsonObject Binding(RbacBinding binding)
    {
        var @object = Named(binding.Name);
        @object["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = binding.Role };
        @object["subjects"] = new JsonArray([.. binding.Subjects.Select(s => new JsonObject
        {
            ["kind"] = "User", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = s.Identity.User,
        })]);
        return @object;
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static void Print(string figure, TimeSpan time, string wanted) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure,-46} {time.TotalSeconds,10:0.000} s   {wanted}"));
}
