using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using SecuritySpecs.Cluster;
using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Network.Tests;

/// <summary>The oracle and a real network are given the same random policies, labels and namespaces. SPECS_SEED repeats a run.</summary>
[TestFixture]
public sealed class OracleTests
{
    private const int Sets = 200;
    private const int Groups = 6;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DeadlineWhileShrinking = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShrinkingDeadline = TimeSpan.FromSeconds(90);
    private readonly ulong _seed = Environment.GetEnvironmentVariable("SPECS_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private readonly Stopwatch _sinceFailure = new();
    private readonly Dictionary<string, int> _decided = Parts.All.Keys.ToDictionary(p => p, _ => 0);
    private Ground? _ground;
    private int _sets, _attempts, _allowed;
    private bool _knowsRanges; // endPort, from Kubernetes 1.21

    [OneTimeSetUp]
    public async Task StartACluster()
    {
        if (await ContainerEngine.DescribeAsync() is null)
            Assert.Ignore("Needs a container engine.");
        var options = await new RunImages(RunOptions.FromEnvironment() with { Cluster = RunOptions.K3s, Keep = false }, TestContext.Progress.WriteLine).PrepareAsync();
        _ground = await Ground.StartAsync(options with { RunId = "net" + options.RunId[..5] }, Groups);
        if (await _ground.WhyNotEnforcedAsync() is { } why)
            Assert.Ignore($"This cluster enforces no NetworkPolicy. {why}");
    }

    [OneTimeTearDown]
    public async Task EndTheCluster()
    {
        if (_ground is not null)
            await _ground.DisposeAsync();
    }

    [Test]
    public void The_oracle_and_the_network_agree_on_every_attempt()
    {
        var clock = Stopwatch.StartNew();
        var property = Prop.ForAll(Arb.From(Gen.CollectToList(_ground!.Groups, PolicySet.About).Select(s => s.ToArray()), Smaller),
            sets => Disagreement(sets).GetAwaiter().GetResult() is { } disagreement ? false.Label(disagreement) : true.Label(""));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest((Sets + Groups - 1) / Groups).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(_seed), FSharpOption<int>.None))), property);

        TestContext.Out.WriteLine($"{_sets} sets of policies in {clock.Elapsed.TotalSeconds:0.0} s, {_attempts} attempts, {_allowed / (double)_attempts:P0} allowed (seed {_seed})");
        foreach (var (part, count) in _decided)
            TestContext.Out.WriteLine($"{count,6} decided by: {part}");
        _sets.Should().BeGreaterThanOrEqualTo(Sets);
        (_allowed / (double)_attempts).Should().BeInRange(0.2, 0.8, "both verdicts must be well represented (seed {0})", _seed);
        _decided.Where(d => d.Value == 0 && (d.Key != "endPort" || _knowsRanges)).Select(d => d.Key)
            .Should().BeEmpty("each part of the language must have decided some attempt (seed {0})", _seed);
    }

    // One group after another by itself first: which of them disagrees. Then that one's set, as far as time allows. What was thrown
    // before anybody could agree is told as it is.
    private IEnumerable<PolicySet[]> Smaller(PolicySet[] sets)
    {
        if (!_sinceFailure.IsRunning || _sinceFailure.Elapsed > ShrinkingDeadline)
            yield break;
        var busy = Enumerable.Range(0, sets.Length).Where(i => sets[i].Policies.Count > 0).ToList();
        if (busy.Count > 1)
        {
            foreach (var only in busy)
                yield return [.. sets.Select((s, i) => i == only ? s : s with { Policies = [] })];
        }
        else if (busy.Count == 1)
        {
            foreach (var smaller in sets[busy[0]].Smaller().TakeWhile(_ => _sinceFailure.Elapsed < ShrinkingDeadline))
                yield return [.. sets.Select((s, i) => i == busy[0] ? smaller : s)];
        }
    }

    private async Task<string?> Disagreement(PolicySet[] sets)
    {
        IReadOnlyList<IReadOnlyList<JsonNode>> policies;
        try
        {
            policies = await _ground!.ApplyAsync(sets);
        }
        catch (KubeApiException) when (_sinceFailure.IsRunning)
        {
            return null; // what shrinking made of it is no policy any more
        }

        var found = await Task.WhenAll(_ground.Groups.Select((group, i) => DisagreementAsync(group, sets[i], policies[i])));
        if (found.FirstOrDefault(d => d is not null) is { } disagreement)
        {
            _sinceFailure.Start();
            return disagreement;
        }

        return null;
    }

    private async Task<string?> DisagreementAsync(PodGroup group, PolicySet set, IReadOnlyList<JsonNode> policies)
    {
        var written = policies.Zip(set.Policies, (stored, p) => Written(p.Spec, stored)).ToList();
        var attempts = group.Attempts.ToList();
        var expected = Verdicts(group, set, written, attempts);
        try
        {
            await _ground!.AwaitAsync([.. attempts.Select((a, i) => Ground.Cell(group, a.From, a.To, a.Port, expected[i]))],
                _sinceFailure.IsRunning ? DeadlineWhileShrinking : Deadline);
        }
        catch (TimeoutException e)
        {
            return $"The oracle and the network disagree after {_sets} sets. Repeat with SPECS_SEED={_seed}.\n{set}\n{e.Message}";
        }

        if (!_sinceFailure.IsRunning)
            Count(group, set, written, attempts, expected);
        return null;
    }

    // As its author wrote it, for the API server fills in what was left out; but without what this API server does not know.
    private JsonObject Written(JsonObject spec, JsonNode stored)
    {
        var written = new JsonObject { ["metadata"] = stored["metadata"]!.DeepClone(), ["spec"] = spec.DeepClone() };
        if (stored["spec"]!.ToJsonString().Contains("endPort", StringComparison.Ordinal))
            _knowsRanges = true;
        else
            Parts.All["endPort"](written["spec"]!.AsObject());
        return written;
    }

    private void Count(PodGroup group, PolicySet set, List<JsonObject> written, List<(GroupPod From, GroupPod To, NamedPort Port)> attempts, bool[] expected)
    {
        foreach (var (part, change) in Parts.All)
        {
            var otherwise = written.Select(p => p.DeepClone()).ToList();
            otherwise.ForEach(p => change(p["spec"]!.AsObject()));
            var decided = Verdicts(group, set, otherwise, attempts).Zip(expected).Count(v => v.First != v.Second);
            lock (_decided)
                _decided[part] += decided;
        }

        lock (_decided)
            (_sets, _attempts, _allowed) = (_sets + 1, _attempts + expected.Length, _allowed + expected.Count(e => e));
    }

    private static bool[] Verdicts(PodGroup group, PolicySet set, IEnumerable<JsonNode> policies, List<(GroupPod From, GroupPod To, NamedPort Port)> attempts)
    {
        var labels = group.Namespaces.Zip(set.NamespaceLabels).ToDictionary(n => n.First, n => (IReadOnlyDictionary<string, string>)Labels(n.Second));
        var oracle = new PolicyOracle(labels, policies);
        var peers = group.Pods.Zip(set.PodLabels, (p, l) => (Pod: p, Peer: new NetworkPeer(p.Address, group.Namespaces[p.Namespace], p.Name, Labels(l), p.Ports))).ToDictionary(p => p.Pod, p => p.Peer);
        return [.. attempts.Select(a => oracle.Allows(peers[a.From], peers[a.To], a.Port.Protocol, a.Port.Number))];
    }

    private static Dictionary<string, string> Labels(JsonObject labels) => labels.ToDictionary(l => l.Key, l => (string)l.Value!);
}
