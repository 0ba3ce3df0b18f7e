using SecuritySpecs.Evidence;
using SecuritySpecs.Kube;
using SecuritySpecs.Kube.Files;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Mutation;
using SecuritySpecs.Reports;
using SecuritySpecs.Tool.Mutate;

namespace Specs.Tests;

/// <summary>How a mutation run plans its waves and judges: with runs that are made up.</summary>
[TestFixture]
public sealed class MutateTests
{
    private static readonly string Root = SecuritySpecs.Cluster.RunOptions.FindRoot();

    // Every scenario loads the file of its control.
    private static readonly FeatureIndex Features = FeatureIndex.Parse("features/a.feature", """
        Feature: Quota
          @control:gpu-quota
          Scenario: One
            Given x
          @control:gpu-quota
          Scenario: Two
            Given x
          @control:gpu-quota
          Scenario: Three
            Given x
          @control:gpu-pools
          Scenario: Four
            Given x
        """);

    private static readonly ScenarioPlace[] Places = [.. Features.All];

    [Test]
    public async Task A_mutant_is_killed_by_an_assertion_of_its_control_and_the_others_need_not_run()
    {
        var runs = new MadeUp((place, mutant) => mutant is null ? null : FailureKind.Assertion);
        var run = await RunAsync(runs, Mutant("a"));

        run.Candidates.Single().Verdict.Should().Be(MutantVerdict.Killed);
        run.Candidates.Single().Result.Trials.Should().ContainSingle().Which.Scenario.Should().Be("features/a.feature: One");
        runs.Plans.Should().HaveCount(2, "one run without any mistake comes first");
        runs.Plans[0].Scenarios.Should().BeEmpty();
    }

    [Test]
    public async Task A_blind_scenario_makes_a_survivor_once_all_scenarios_of_its_control_have_passed()
    {
        var runs = new MadeUp((_, _) => null);
        var run = await RunAsync(runs, Mutant("a"));

        var result = run.Candidates.Single().Result;
        (result.Verdict, result.IsProblem()).Should().Be((MutantVerdict.Survived, true));
        result.Trials.Should().HaveCount(3).And.OnlyContain(t => t.Status == ResultStatus.Passed);
        runs.Plans.Should().HaveCount(3, "the likeliest is asked alone, and then all others at once");
        MutateReport.Text([result]).Should().Contain("SURVIVED  controls/gpu-quota.yaml#a:x").And.Contain("passed       features/a.feature: Three").And.Contain("0 killed, 1 survived");
    }

    [Test]
    public async Task A_scenario_that_does_not_load_the_file_makes_no_survivor()
    {
        var run = await RunAsync(new((_, _) => null) { Loaded = ["controls/tenant.yaml"] }, Mutant("a"));

        run.Candidates.Single().Verdict.Should().Be(MutantVerdict.Inconclusive);
        run.Candidates.Single().Result.Trials.Should().HaveCount(3).And.OnlyContain(t => t.Error == "It does not load the file, so it never met the mistake.");
    }

    [Test]
    public async Task A_scenario_that_the_cluster_cannot_carry_out_is_asked_once_for_all_mistakes()
    {
        var runs = new MadeUp((_, _) => null) { Lacks = ["One", "Two"] };
        var run = await RunAsync(runs, Mutant("a"), Mutant("b"), Mutant("c"));

        runs.Asked.Where(n => n is "One" or "Two").Should().OnlyHaveUniqueItems();
        run.Candidates.Should().OnlyContain(c => c.Verdict == MutantVerdict.Survived && c.Result.Trials.Count(t => t.Status == ResultStatus.Inconclusive) == 2 && c.Result.Trials.Count == 3);
        (await RunAsync(new MadeUp((_, _) => null) { Lacks = ["One", "Two", "Three"] }, Mutant("a"), Mutant("b"))).Candidates.Should().OnlyContain(c => c.Verdict == MutantVerdict.Inconclusive);
    }

    [Test]
    public async Task A_broken_set_up_is_no_kill()
    {
        var run = await RunAsync(new MadeUp((_, mutant) => mutant is null ? null : FailureKind.Error), Mutant("a"));

        (run.Candidates.Single().Verdict, run.Candidates.Single().Result.IsProblem()).Should().Be((MutantVerdict.KilledByError, true));
    }

    [TestCase(FailureKind.Deadline, MutantVerdict.Killed)]
    [TestCase(FailureKind.NotInForce, MutantVerdict.Killed)]
    [TestCase(FailureKind.Invalid, MutantVerdict.Invalid)]
    public async Task The_kind_of_a_failure_decides(FailureKind kind, MutantVerdict verdict) =>
        (await RunAsync(new MadeUp((_, mutant) => mutant is null ? null : kind), Mutant("a"))).Candidates.Single().Verdict.Should().Be(verdict);

    [Test]
    public void An_assertion_of_another_control_alone_is_noise()
    {
        MutantTrial Trial(string control, FailureKind? kind) => new("x", control, kind is null ? ResultStatus.Passed : ResultStatus.Failed, kind, null, 1);

        Judge.Of([Trial("gpu-quota", null), Trial("egress", FailureKind.Assertion)], ["gpu-quota"], isAll: true).Should().Be(MutantVerdict.Noisy);
        Judge.Of([Trial("gpu-quota", null), Trial("egress", FailureKind.Assertion)], ["egress"], isAll: false).Should().Be(MutantVerdict.Killed);
        Judge.Of([Trial("gpu-quota", null)], ["gpu-quota"], isAll: false).Should().Be(MutantVerdict.Pending);
        Judge.Of([Trial("gpu-quota", null) with { Status = ResultStatus.Inconclusive }], ["gpu-quota"], isAll: true).Should().Be(MutantVerdict.Inconclusive);
    }

    [Test]
    public async Task Each_scenario_of_a_wave_has_one_mutant_at_most_and_all_mutants_get_a_verdict()
    {
        var runs = new MadeUp((place, mutant) => mutant is null || place.Name == "One" ? null : FailureKind.Assertion);
        var run = await RunAsync(runs, [.. Enumerable.Range(0, 7).Select(n => Mutant($"m{n}"))]);

        run.Candidates.Should().OnlyContain(c => c.Verdict == MutantVerdict.Killed);
        runs.Plans.Skip(1).Should().OnlyContain(p => p.Scenarios.Count >= 1 && p.Scenarios.Count <= 3 && p.Scenarios.Values.Distinct().Count() <= p.Scenarios.Count);
        runs.Plans.Count.Should().BeLessThanOrEqualTo(10, "three scenarios judge three mutants side by side");
    }

    [Test]
    public async Task An_edit_that_must_survive_is_a_problem_where_a_scenario_fails()
    {
        var edit = Mutant("a") with { MustSurvive = true };

        (await RunAsync(new MadeUp((_, _) => null), edit)).Candidates.Single().Result.IsProblem().Should().BeFalse();
        (await RunAsync(new MadeUp((p, m) => m is not null && p.Name == "Three" ? FailureKind.Assertion : null), edit)).Candidates.Single().Result.IsProblem().Should().BeTrue();
    }

    [Test]
    public async Task A_scenario_that_fails_without_any_mistake_ends_the_run() => await FluentActions.Awaiting(() => RunAsync(new MadeUp((_, _) => FailureKind.Assertion), Mutant("a")))
        .Should().ThrowAsync<EnvironmentException>().WithMessage("no mutant can be judged: without any mistake 1 scenarios fail, first features/a.feature:3 One*");

    [Test]
    public async Task A_scenario_that_alone_fails_without_any_mistake_judges_nothing()
    {
        var run = await RunAsync(new MadeUp((place, mutant) => place.Name == "One" ? FailureKind.Assertion : null), Mutant("a"), Mutant("b") with { File = "controls/gpu-pools.yaml" });

        var result = run.Candidates[0].Result;
        result.Verdict.Should().Be(MutantVerdict.Survived);
        result.Trials.Select(t => t.Scenario).Should().Equal("features/a.feature: Two", "features/a.feature: Three");
        result.Why.Should().Be("not asked, for they fail without any mistake: features/a.feature:3");
        run.Red.Should().ContainSingle();
    }

    [Test]
    public async Task A_run_in_error_is_no_verdict_and_is_tried_once_more()
    {
        var runs = new MadeUp((_, mutant) => mutant is null ? null : FailureKind.Assertion) { Errors = { [2] = "the node is gone" } };
        (await RunAsync(runs, Mutant("a"))).Candidates.Single().Verdict.Should().Be(MutantVerdict.Killed);

        runs = new MadeUp((_, mutant) => mutant is null ? null : FailureKind.Assertion) { Errors = { [2] = "the node is gone", [3] = "the node is gone" } };
        await FluentActions.Awaiting(() => RunAsync(runs, Mutant("a"))).Should().ThrowAsync<EnvironmentException>().WithMessage("*judged nothing, twice: the node is gone");
    }

    [Test]
    public async Task Who_does_not_end_in_time_is_found_by_trying_each_alone()
    {
        var runs = new MadeUp((_, mutant) => mutant is null ? null : FailureKind.Assertion) { Hangs = "m1" };
        var run = await RunAsync(runs, Mutant("m0"), Mutant("m1"), Mutant("m2"));

        run.Candidates.Select(c => c.Verdict).Should().Equal(MutantVerdict.Killed, MutantVerdict.TimedOut, MutantVerdict.Killed);
    }

    [Test]
    public void What_was_judged_stays_judged_when_a_run_goes_on()
    {
        var candidate = new Candidate(Mutant("a"), [.. Places.Take(3)], ["gpu-quota"]);
        candidate.Resume(new("x", "f", "a", "d", false, MutantVerdict.Pending, null, [new("features/a.feature: One", "gpu-quota", ResultStatus.Passed, null, null, 1)]));
        (candidate.Verdict, candidate.Left.Count, candidate.IsNew).Should().Be((MutantVerdict.Pending, 2, false));

        var done = new Candidate(Mutant("a"), [.. Places.Take(3)], ["gpu-quota"]);
        done.Resume(new("x", "f", "a", "d", false, MutantVerdict.Killed, null, [new("features/a.feature: Two", "gpu-quota", ResultStatus.Failed, FailureKind.Assertion, "e", 1)]));
        done.Verdict.Should().Be(MutantVerdict.Killed);
        Schedule.NextWave([done]).Should().BeEmpty();
    }

    [Test]
    public async Task Of_mistakes_that_are_in_force_together_each_has_a_verdict_of_its_own()
    {
        var runs = new MadeUp((place, mutant) => mutant?.Id.Contains("#seen:", StringComparison.Ordinal) == true ? FailureKind.Assertion : null);
        var run = New(runs, Mutant("seen"), Mutant("hidden") with { Id = "controls/gpu-pools.yaml#hidden:x", File = "controls/gpu-pools.yaml" });
        await run.TogetherAsync(CancellationToken.None);

        run.Candidates.Select(c => c.Verdict).Should().Equal(MutantVerdict.Killed, MutantVerdict.Survived);
        runs.Plans.Select(p => p.Everywhere.Count).Should().Equal([0, 2], "one run without any mistake comes first");
    }

    [Test]
    public void Together_are_the_first_mistakes_of_each_control_that_were_found()
    {
        Mutant[] mutants = [Mutant("lost"), Mutant("a"), Mutant("b"), Mutant("a") with { Id = "controls/gpu-pools.yaml#a:x", File = "controls/gpu-pools.yaml" }, Mutant("a") with { Id = "workloads/w.yaml#a:x", File = "workloads/w.yaml" }];
        var earlier = mutants.Select((m, n) => new MutantResult(m.Id, m.File, m.Operator, m.Diff, false, n == 0 ? MutantVerdict.Survived : MutantVerdict.Killed, null, [])).ToList();

        MutateCommand.OneOfEachControl(mutants, earlier).Should().Equal(mutants[1], mutants[3]);
        ((Action)(() => MutateCommand.OneOfEachControl(mutants, earlier[..2]))).Should().Throw<SecuritySpecs.Kube.EnvironmentException>().WithMessage("--together: *");
    }

    [Test]
    public void Where_nothing_was_learnt_every_mutant_of_a_file_takes_another_scenario()
    {
        var (one, two) = (new Candidate(Mutant("a"), [.. Places.Take(3)], ["gpu-quota"], 3), new Candidate(Mutant("b"), [.. Places.Take(3)], ["gpu-quota"], 3));

        Schedule.NextWave([one, two]).Select(w => (w.Candidate, w.Place)).Should().Equal((one, Places[0]), (two, Places[1]));
    }

    [Test]
    public void A_scenario_that_names_the_changed_object_is_asked_first()
    {
        var killers = Killers.Read("/nowhere");
        var mutant = Mutant("a") with { Id = "controls/personas.yaml#add-verb:Role/tenant-admin/rules[pods].verbs+create" };

        killers.Score(mutant, "features/p.feature: The tenant admin holds exactly the rights").Should().BeGreaterThan(killers.Score(mutant, "features/p.feature: The auditor holds exactly the rights"));
    }

    [Test]
    public void The_data_of_mutation_runs_fits_the_features_and_the_files()
    {
        var features = FeatureIndex.Read(Root);
        var fixtures = Path.Combine(Root, "fleet-fixtures");
        var catalogue = Catalogue.Read(Root).Rows.Select(r => r.Id).ToList();
        var files = FixtureFile.Read(Path.Combine(Root, "fleet-fixtures"));
        var scenarios = new Scenarios(features, LoadMap.Read(Root), files, Killers.Read(Root));

        LoadMap.Read(Root).Stale(features).Should().BeEmpty("their scenarios are gone: `specs mutate --list --learn` after a run refreshes the data");
        files.Keys.Should().BeSubsetOf(Mutants.Files(fixtures));
        files.Values.SelectMany(f => f.Controls).Should().BeSubsetOf(catalogue);
        Mutants.Files(fixtures).Where(f => scenarios.ControlsOf(f).Except(catalogue).Any()).Should().BeEmpty("a file belongs to the control of its name, or files.yaml says to which");
        Mutants.Files(fixtures).Where(f => scenarios.Loading(Mutants.Of(fixtures, f)[0]).Count == 0 && !scenarios.IsOnceForARun(f)).Should().BeEmpty("somebody has to judge its mutants");
    }

    private static Mutant Mutant(string name) => new($"controls/gpu-quota.yaml#{name}:x", "controls/gpu-quota.yaml", name, "text", "- a\n+ b\n");

    private static async Task<MutationRun> RunAsync(MadeUp runs, params Mutant[] mutants)
    {
        var run = New(runs, mutants);
        await run.RunAsync(CancellationToken.None);
        return run;
    }

    private static MutationRun New(MadeUp runs, params Mutant[] mutants)
    {
        var scenarios = new Scenarios(Features, LoadMap.Read("/nowhere"), new Dictionary<string, FixtureFile>(), Killers.Read("/nowhere"));
        return new([.. mutants.Select(m => new Candidate(m, scenarios.Loading(m), scenarios.ControlsOf(m.File)))], scenarios, runs.RunAsync, _ => { });
    }

    // A run that ends as it is told.
    private sealed class MadeUp(Func<ScenarioPlace, PlannedMutant?, FailureKind?> ends)
    {
        public List<MutationPlan> Plans { get; } = [];

        public Dictionary<int, string> Errors { get; } = [];

        public string? Hangs { get; init; }

        public IReadOnlyList<string>? Loaded { get; init; }

        public IReadOnlyList<string> Lacks { get; init; } = [];

        public List<string> Asked { get; } = [];

        public Task<WaveResult> RunAsync(MutationPlan plan, IReadOnlyList<ScenarioPlace> places, CancellationToken cancel)
        {
            Plans.Add(plan);
            Asked.AddRange(places.Select(p => p.Name));
            if (Hangs is not null && plan.Scenarios.Values.Any(m => m.Id.Contains(Hangs, StringComparison.Ordinal)))
                return Task.FromResult(new WaveResult(null, true));
            var results = places.Select(p => (Place: p, Kind: ends(p, plan.Scenarios.GetValueOrDefault(p.Where) ?? plan.Everywhere.FirstOrDefault(m => m.File == $"controls/{Scenarios.ControlOf(p)}.yaml"))))
                .Select(e => new ScenarioResult(e.Place.Feature, e.Place.Name, e.Place.Line, e.Place.Tags, Lacks.Contains(e.Place.Name) ? ResultStatus.Inconclusive : e.Kind is null ? ResultStatus.Passed : ResultStatus.Failed, 1, e.Kind?.ToString(), [], e.Kind, Loaded)).ToList();
            var run = new RunInfo("r", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, 1, Errors.GetValueOrDefault(Plans.Count), null, false);
            return Task.FromResult(new WaveResult(new(Posture.CurrentSchema, run, null, null, [], results, [], Totals.Of(results), [], []), false));
        }
    }
}
