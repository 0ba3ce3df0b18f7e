using System.Reflection;
using Reqnroll.BindingSkeletons;
using Reqnroll.Bindings;
using Reqnroll.Bindings.Discovery;
using Reqnroll.Bindings.Reflection;
using Reqnroll.BoDi;
using Reqnroll.Configuration;
using Reqnroll.Formatters.Configuration;
using Reqnroll.Infrastructure;
using Reqnroll.Plugins;
using Reqnroll.Tracing;
using Reqnroll.UnitTestProvider;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Steps.Run;

/// <summary>What Reqnroll knows of an assembly's bindings, without a run: no hook, no report.</summary>
public sealed class StepBindings : IStepBindings
{
    internal static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("en-US");
    private readonly Dictionary<string, IStepArgumentTransformationBinding> _parameters;
    private readonly IStepDefinitionMatchService _matches;
    private readonly IObjectContainer _container;
    private readonly Lazy<ScenarioFilter> _filter;

    /// <summary>Those of this assembly.</summary>
    public StepBindings()
        : this(typeof(StepBindings).Assembly)
    {
    }

    /// <summary>Those of another one.</summary>
    public StepBindings(Assembly assembly)
    {
        var containers = new WithoutARun();
        _container = containers.CreateGlobalContainer(assembly);
        var builder = _container.Resolve<IRuntimeBindingRegistryBuilder>();
        builder.BuildBindingsFromAssembly(assembly);
        builder.BuildingCompleted();
        var registry = _container.Resolve<IBindingRegistry>();
        Errors = [.. registry.GetErrorMessages().Select(e => e.Message)];
        Phrases = [.. registry.GetStepDefinitions().Select(Phrase)];
        _parameters = registry.GetStepTransformations().Where(t => t.Name is not null).ToDictionary(t => t.Name);
        Values = _parameters.ToDictionary(p => p.Key, p => ParameterValues.Of(p.Value, _parameters.Values));
        Thread = containers.CreateTestThreadContainer(_container);
        _matches = Thread.Resolve<IStepDefinitionMatchService>();
        _filter = new(() => new ScenarioFilter(assembly));
    }

    /// <summary>What Reqnroll resolves the parts of a scenario from.</summary>
    public IObjectContainer Thread { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StepPhrase> Phrases { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Errors { get; }

    /// <inheritdoc/>
    public StepMatch Match(FeatureStep step)
    {
        var best = _matches.GetBestMatch(Instance(step), Culture, out var reason, out var candidates);
        if (!best.Success)
            return new([.. candidates.Where(_ => reason == StepDefinitionAmbiguityReason.AmbiguousSteps).Select(c => Phrase(c.StepBinding))], []);
        var phrase = Phrase(best.StepBinding);
        return new([phrase], [.. phrase.Parameters.Zip(best.Arguments, (name, a) => new StepArgument(name, (string)a.Value, IsKnown(name, (string)a.Value)))]);
    }

    /// <inheritdoc/>
    public string Skeleton(FeatureStep step) =>
        new StepDefinitionSkeletonProvider(_container.Resolve<ISkeletonTemplateProvider>(), new StepTextAnalyzer())
            .GetStepDefinitionSkeleton(ProgrammingLanguage.CSharp, Instance(step), StepDefinitionSkeletonStyle.AsyncCucumberExpressionAttribute, Culture);

    /// <inheritdoc/>
    public bool Selects(string filter, FeatureStep step) => _filter.Value.Selects(filter, step);

    private static StepPhrase Phrase(IStepDefinitionBinding binding)
    {
        var type = ((RuntimeBindingMethod)binding.Method).MethodInfo.DeclaringType!;
        return new(binding.StepDefinitionType.ToString(), binding.SourceExpression, type.Namespace!.Split('.')[^1], type.Name);
    }

    // Reqnroll takes any text for a pattern that it finds too complex, and leaves it to the conversion to say no.
    private bool IsKnown(string parameter, string value)
    {
        if (!_parameters.TryGetValue(parameter, out var transformation) || transformation.Method is not RuntimeBindingMethod { MethodInfo: { IsStatic: true } method })
            return true;
        if (transformation.Regex?.IsMatch(value) == false)
            return false;
        try
        {
            method.Invoke(null, [value]);
            return true;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }

    internal static StepInstance Instance(FeatureStep step)
    {
        var type = Enum.Parse<StepDefinitionType>(step.Keyword);
        var context = new StepContext(step.Feature, step.Scenario, step.Tags, Culture);
        return new(type, Enum.Parse<StepDefinitionKeyword>(step.Keyword), step.Keyword + " ", step.Text, step.DocString, step.Cells is null ? null : TableOf(step.Cells), context);
    }

    private static Table TableOf(IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var table = new Table([.. cells[0]]);
        foreach (var row in cells.Skip(1))
            table.AddRow([.. row]);
        return table;
    }

    private sealed class WithoutARun : ContainerBuilder
    {
        public WithoutARun()
            : base(new Defaults()) => SkipLoadingProvider = true;

        protected override void LoadPlugins(IRuntimeConfigurationProvider configurationProvider, ObjectContainer container, RuntimePluginEvents runtimePluginEvents,
            ReqnrollConfiguration reqnrollConfiguration, UnitTestProviderConfiguration unitTestProviderConfigration, Assembly testAssembly)
        {
        }

        private sealed class Defaults : DefaultDependencyProvider
        {
            public override void RegisterGlobalContainerDefaults(ObjectContainer container)
            {
                base.RegisterGlobalContainerDefaults(container);
                container.RegisterTypeAs<FormattersForcedDisabledOverrideProvider, IFormattersConfigurationDisableOverrideProvider>();
                container.RegisterTypeAs<NullListener, ITraceListener>();
                container.RegisterInstanceAs(DispatchProxy.Create<IUnitTestRuntimeProvider, Uncalled>());
            }
        }
    }
}

/// <summary>Stands where Reqnroll wants something that it does not call without a run.</summary>
public class Uncalled : DispatchProxy
{
    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod?.Name);
}
