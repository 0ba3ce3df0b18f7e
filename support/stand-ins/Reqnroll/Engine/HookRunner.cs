using Reqnroll.Bindings;
using Reqnroll.BoDi;

namespace Reqnroll.Engine;

/// <summary>Runs the hooks of one kind in their order, up to the first that fails.</summary>
internal sealed class HookRunner(BindingRegistry registry)
{
    public async Task RunAsync(HookType type, IObjectContainer container, FeatureContext? feature = null, ScenarioContext? scenario = null)
    {
        var hooks = registry.Hooks(type)
            .Where(h => h.Scope is null || h.Scope.Match(feature?.FeatureInfo, scenario?.ScenarioInfo) is not null)
            .DistinctBy(h => h.Method)
            .OrderBy(h => h.Order);
        try
        {
            foreach (var hook in hooks)
            {
                var arguments = hook.Method.GetParameters().Select(p => container.Resolve(p.ParameterType)).ToArray();
                await BindingInvoker.InvokeAsync(hook.Method, arguments, container, feature);
            }
        }
        catch (Exception e)
        {
            if (scenario is not null)
            {
                scenario.TestError ??= e;
                scenario.ScenarioExecutionStatus = Outcome.Of(e);
            }
            else if (feature is not null)
            {
                feature.TestError ??= e;
            }

            throw;
        }
    }
}
