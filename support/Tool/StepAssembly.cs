using System.Reflection;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tool;

/// <summary>The assembly of the scenarios, which knows its own steps.</summary>
internal static class StepAssembly
{
    /// <summary>Its bindings; null where it is not built.</summary>
    /// <param name="root">The repository.</param>
    public static IStepBindings? Load(string root)
    {
        var path = Run.Assembly(root, "steps", "SecuritySpecs");
        return File.Exists(path) ? (IStepBindings)Activator.CreateInstance(Assembly.LoadFrom(path).GetType("SecuritySpecs.Steps.Run.StepBindings", throwOnError: true)!)! : null;
    }
}
