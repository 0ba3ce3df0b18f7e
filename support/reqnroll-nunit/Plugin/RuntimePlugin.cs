using NUnit.Framework;
using Reqnroll.BoDi;
using Reqnroll.Infrastructure;
using Reqnroll.NUnit.ReqnrollPlugin;
using Reqnroll.Plugins;
using Reqnroll.Tracing;
using Reqnroll.UnitTestProvider;

[assembly: RuntimePlugin(typeof(RuntimePlugin))]

namespace Reqnroll.NUnit.ReqnrollPlugin;

/// <summary>Tells the Reqnroll runtime that NUnit runs the tests.</summary>
public sealed class RuntimePlugin : IRuntimePlugin
{
    /// <inheritdoc/>
    public void Initialize(RuntimePluginEvents runtimePluginEvents, RuntimePluginParameters runtimePluginParameters,
        UnitTestProviderConfiguration unitTestProviderConfiguration)
    {
        unitTestProviderConfiguration.UseUnitTestProvider("nunit");
        runtimePluginEvents.RegisterGlobalDependencies += (_, e) => e.ObjectContainer.RegisterTypeAs<NUnitRuntimeProvider, IUnitTestRuntimeProvider>("nunit");
        runtimePluginEvents.CustomizeTestThreadDependencies += (_, e) =>
        {
            e.ObjectContainer.RegisterTypeAs<NUnitTraceListener, ITraceListener>();
            e.ObjectContainer.RegisterTypeAs<NUnitAttachmentHandler, IReqnrollAttachmentHandler>();
        };
    }
}

/// <summary>How NUnit says that a test has no verdict.</summary>
public sealed class NUnitRuntimeProvider : IUnitTestRuntimeProvider
{
    /// <inheritdoc/>
    public void TestPending(string message) => Assert.Inconclusive(message);

    /// <inheritdoc/>
    public void TestInconclusive(string message) => Assert.Inconclusive(message);

    /// <inheritdoc/>
    public void TestIgnore(string message) => Assert.Ignore(message);

    /// <inheritdoc/>
    public ScenarioExecutionStatus? DetectExecutionStatus(Exception exception) =>
        exception is InconclusiveException or IgnoreException ? ScenarioExecutionStatus.Skipped : null;
}

/// <summary>Writes what Reqnroll traces to the output of the running test; outside a scenario to Reqnroll's own trace as well.</summary>
public sealed class NUnitTraceListener(ITraceListenerQueue queue, IObjectContainer container) : AsyncTraceListener(queue, container)
{
    private readonly Lazy<IContextManager> _contexts = new(container.Resolve<IContextManager>);

    /// <inheritdoc/>
    public override void WriteTestOutput(string message)
    {
        TestContext.Out.WriteLine(message);
        if (_contexts.Value.ScenarioContext is null)
            base.WriteTestOutput(message);
    }

    /// <inheritdoc/>
    public override void WriteToolOutput(string message)
    {
        TestContext.Out.WriteLine("-> " + message);
        if (_contexts.Value.ScenarioContext is null)
            base.WriteToolOutput(message);
    }
}

/// <summary>Makes what a step attaches an attachment of the running test.</summary>
public sealed class NUnitAttachmentHandler(ITraceListener trace) : ReqnrollAttachmentHandler(trace)
{
    /// <inheritdoc/>
    public override void AddAttachment(string filePath)
    {
        if (File.Exists(filePath))
            TestContext.AddTestAttachment(filePath);
        else
            base.AddAttachment(filePath);
    }
}
