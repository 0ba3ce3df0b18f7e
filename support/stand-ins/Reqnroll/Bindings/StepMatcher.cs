using System.Text.RegularExpressions;

namespace Reqnroll.Bindings;

/// <summary>A step definition found for a step, with the raw arguments: texts, doc string, table.</summary>
internal sealed record StepMatch(StepBinding Binding, IReadOnlyList<object> Arguments, int ScopeMatches);

/// <summary>Finds the step definition of a step.</summary>
internal sealed class StepMatcher(BindingRegistry registry, ArgumentConverter converter)
{
    /// <exception cref="BindingException">Some binding of the assembly is wrong.</exception>
    /// <exception cref="AmbiguousBindingException">Several definitions fit equally well.</exception>
    /// <exception cref="MissingStepDefinitionException">None fits.</exception>
    public StepMatch Find(StepInstance step, FeatureContext feature, ScenarioInfo scenario)
    {
        var candidates = Candidates(step, feature.FeatureInfo, scenario);
        var fitting = candidates.Where(c => ParametersFit(c, feature)).ToList();
        var best = fitting.Where(c => c.ScopeMatches == fitting.Max(f => f.ScopeMatches)).ToList();
        if (best.Count == 1) return best[0];
        if (best.Count > 1) throw Ambiguous("Ambiguous step definitions found for step", step, best);

        // A single definition whose parameters do not fit is taken: the call will say what is wrong.
        if (candidates.Count == 1) return candidates[0];
        if (candidates.Count > 1) throw Ambiguous("Multiple step definitions found, but none of them have matching parameter count and type for step", step, candidates);
        throw new MissingStepDefinitionException();
    }

    private List<StepMatch> Candidates(StepInstance step, FeatureInfo feature, ScenarioInfo scenario) =>
    [
        .. registry.Steps(step.StepDefinitionType)
            .Select(b => Match(b, step, feature, scenario))
            .OfType<StepMatch>()
            .GroupBy(m => m.Binding.Method)
            .Select(g => g.MaxBy(m => m.ScopeMatches)!),
    ];

    private static StepMatch? Match(StepBinding binding, StepInstance step, FeatureInfo feature, ScenarioInfo scenario)
    {
        var match = binding.Regex.Match(step.Text);
        var scopeMatches = binding.Scope is null ? 0 : binding.Scope.Match(feature, scenario);
        if (!match.Success || scopeMatches is null) return null;

        var arguments = match.Groups.Cast<Group>().Skip(1).Where(g => g.Success).Select(object (g) => g.Value).ToList();
        if (step.MultilineTextArgument is not null) arguments.Add(step.MultilineTextArgument);
        if (step.TableArgument is not null) arguments.Add(step.TableArgument);
        return new StepMatch(binding, arguments, scopeMatches.Value);
    }

    private bool ParametersFit(StepMatch match, FeatureContext feature)
    {
        var parameters = match.Binding.Method.GetParameters();
        return parameters.Length == match.Arguments.Count
            && match.Arguments.Zip(parameters).All(p => converter.CanConvert(p.First, p.Second.ParameterType, feature.BindingCulture));
    }

    private static AmbiguousBindingException Ambiguous(string problem, StepInstance step, IEnumerable<StepMatch> matches) =>
        new($"{problem} '{step.StepDefinitionType} {step.Text}': {string.Join(", ", matches.Select(m => MethodText.Of(m.Binding.Method)))}");
}
