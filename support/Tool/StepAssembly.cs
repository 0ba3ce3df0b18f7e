using System.Reflection;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tool;

/// <summary>The assembly of the scenarios, which knows its own steps.</summary>
internal static class StepAssembly
{
    /// <summary>Its bindings; null where it is not built, or an empty file plays it (Specs.Tests). The test process checks the steps, too.</summary>
    /// <param name="root">The repository.</param>
    public static IStepBindings? Load(string root)
    {
        var path = Run.Assembly(root, "steps", "SecuritySpecs");
        return new FileInfo(path) is { Exists: true, Length: > 0 } ? (IStepBindings)Activator.CreateInstance(Assembly.LoadFrom(path).GetType("SecuritySpecs.Steps.Run.StepBindings", throwOnError: true)!)! : null;
    }
}
