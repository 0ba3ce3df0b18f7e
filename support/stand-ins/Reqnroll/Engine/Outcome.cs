using NUnit.Framework;

namespace Reqnroll.Engine;

internal static class Outcome
{
    /// <summary>NUnit's own ways to end a test without a verdict count as skipped.</summary>
    public static ScenarioExecutionStatus Of(Exception error) =>
        error is InconclusiveException or IgnoreException ? ScenarioExecutionStatus.Skipped : ScenarioExecutionStatus.TestError;
}
