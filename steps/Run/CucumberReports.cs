using Io.Cucumber.Messages.Types;
using Reqnroll.BoDi;
using Reqnroll.Formatters;
using Reqnroll.Formatters.PayloadProcessing;
using Reqnroll.Formatters.PubSub;
using Reqnroll.Plugins;
using Reqnroll.UnitTestProvider;
using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using SecuritySpecs.Steps.Run;

[assembly: RuntimePlugin(typeof(CucumberReports))]

namespace SecuritySpecs.Steps.Run;

/// <summary>Puts what Reqnroll's formatters write (reqnroll.json) beside the other results of a run, without secrets.</summary>
public sealed class CucumberReports : IRuntimePlugin
{
    /// <inheritdoc/>
    public void Initialize(RuntimePluginEvents runtimePluginEvents, RuntimePluginParameters runtimePluginParameters,
        UnitTestProviderConfiguration unitTestProviderConfiguration)
    {
        // Plugins come before formatters, whose paths begin with {env:SPECS_RESULTS}.
        Environment.SetEnvironmentVariable("SPECS_RESULTS", RunOptions.FromEnvironment().Results);
        runtimePluginEvents.CustomizeGlobalDependencies += (_, e) => e.ObjectContainer.RegisterTypeAs<RedactingBroker, ICucumberMessageBroker>();
    }
}

/// <summary>Takes secrets out of every message before a formatter sees it: a failure may quote what a server answered.</summary>
public sealed class RedactingBroker(CucumberMessageBroker broker, IObjectContainer container) : ICucumberMessageBroker
{
    private static readonly Redactor NoRunYet = new();

    /// <inheritdoc/>
    public bool IsEnabled => broker.IsEnabled;

    /// <inheritdoc/>
    public void Initialize() => broker.Initialize();

    /// <inheritdoc/>
    public void FormatterInitialized(ICucumberMessageFormatter formatterSink, bool enabled) => broker.FormatterInitialized(formatterSink, enabled);

    /// <inheritdoc/>
    public Task PublishAsync(Envelope message)
    {
        var redactor = container.IsRegistered<TestRun>() ? container.Resolve<TestRun>().Redactor : NoRunYet;
        return broker.PublishAsync(NdjsonSerializer.Deserialize(redactor.RedactJson(NdjsonSerializer.Serialize(message))));
    }
}
