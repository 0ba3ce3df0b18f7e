using System.Reflection;
using System.Runtime.CompilerServices;
using Reqnroll.Expressions;

namespace Reqnroll.Bindings;

/// <summary>The bindings of the test assembly; read-only once built, so that scenarios can share it.</summary>
internal sealed class BindingRegistry
{
    private const BindingFlags AllMethods = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly List<HookBinding> _hooks = [];
    private readonly List<StepBinding> _steps = [];
    private readonly List<string> _errors = [];

    public BindingRegistry(Assembly assembly)
    {
        var methods = assembly.GetTypes().Where(IsBinding).SelectMany(t => t.GetMethods(AllMethods)).ToList();
        Transformations = [.. methods.SelectMany(ReadTransformations).OrderBy(t => t.Order)];
        _hooks = [.. methods.SelectMany(ReadHooks)];
        _steps = [.. ReadSteps(methods)];
    }

    public IReadOnlyList<TransformationBinding> Transformations { get; }

    public IEnumerable<HookBinding> Hooks(HookType type) => _hooks.Where(h => h.Type == type);

    /// <exception cref="BindingException">Any binding of the assembly is wrong.</exception>
    public IEnumerable<StepBinding> Steps(StepDefinitionType type) => _errors.Count == 0
        ? _steps.Where(s => s.Type == type)
        : throw new BindingException($"Binding error(s) found: {Environment.NewLine}{string.Join(Environment.NewLine, _errors)}");

    private bool IsBinding(Type type)
    {
        if (!type.IsDefined(typeof(BindingAttribute), inherit: true)) return false;
        if (!type.IsGenericTypeDefinition) return true;
        _errors.Add($"Binding types cannot be generic: {type.FullName}");
        return false;
    }

    private bool IsValid(MethodInfo method)
    {
        var isAsyncVoid = method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute));
        var isAbstract = method.ReflectedType!.IsAbstract && !method.IsStatic;
        if (isAsyncVoid) _errors.Add($"Invalid binding method '{MethodText.Of(method)}': async void methods are not supported. Please use 'async Task'.");
        if (isAbstract) _errors.Add($"Abstract binding types can only have static binding methods: {MethodText.Of(method)}");
        return !isAsyncVoid && !isAbstract;
    }

    private IEnumerable<TransformationBinding> ReadTransformations(MethodInfo method) =>
        from attribute in method.GetCustomAttributes<StepArgumentTransformationAttribute>()
        where IsValid(method)
        select new TransformationBinding(method, attribute.Regex, attribute.Name, attribute.Order);

    private IEnumerable<HookBinding> ReadHooks(MethodInfo method)
    {
        foreach (var attribute in method.GetCustomAttributes<HookAttribute>())
        {
            if (!IsValid(method)) continue;
            if (attribute.Type <= HookType.AfterFeature && !method.IsStatic)
            {
                _errors.Add($"The binding methods for before/after feature and before/after test run events must be static: {MethodText.Of(method)}");
                continue;
            }

            foreach (var scope in Scopes(method, attribute.Tags)) yield return new HookBinding(attribute.Type, method, scope, attribute.Order);
        }
    }

    private IEnumerable<StepBinding> ReadSteps(List<MethodInfo> methods)
    {
        var definitions = methods
            .SelectMany(m => m.GetCustomAttributes<StepDefinitionBaseAttribute>().Select(a => (Method: m, Attribute: a)))
            .Where(d => IsValid(d.Method))
            .ToList();
        var parameterTypes = new ParameterTypes(Transformations, definitions.SelectMany(d => d.Method.GetParameters()).Select(p => p.ParameterType));
        _errors.AddRange(parameterTypes.Clashes().Select(name => $"An item with the same key has already been added. Key: {name}"));

        foreach (var (method, attribute) in definitions)
        {
            if (Compile(method, attribute, parameterTypes) is not { } regex) continue;
            foreach (var scope in Scopes(method, []))
            {
                foreach (var type in attribute.Types) yield return new StepBinding(type, method, scope, regex);
            }
        }
    }

    private System.Text.RegularExpressions.Regex? Compile(MethodInfo method, StepDefinitionBaseAttribute attribute, ParameterTypes parameterTypes)
    {
        var isCucumber = attribute.ExpressionType == ExpressionType.Unspecified
            ? CucumberExpression.IsCucumber(attribute.Expression)
            : attribute.ExpressionType == ExpressionType.CucumberExpression;
        try
        {
            return isCucumber ? CucumberExpression.Compile(attribute.Expression, parameterTypes) : WholeText.Regex(attribute.Expression);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            _errors.Add($"{MethodText.Of(method)}: {e.Message}");
            return null;
        }
    }

    /// <summary>Scopes of the class, of the method and of a hook's tags are alternatives.</summary>
    private static List<BindingScope?> Scopes(MethodInfo method, string[] tags)
    {
        List<BindingScope?> scopes =
        [
            .. method.ReflectedType!.GetCustomAttributes<ScopeAttribute>().Concat(method.GetCustomAttributes<ScopeAttribute>())
                .Select(s => new BindingScope(s.Tag, s.Feature, s.Scenario)),
            .. tags.Select(t => new BindingScope(t, null, null)),
        ];
        return scopes.Count == 0 ? [null] : scopes;
    }
}

internal static class MethodText
{
    /// <summary>The method with its types, as error messages name it.</summary>
    public static string Of(MethodInfo method) =>
        $"{method.ReflectedType!.Assembly.GetName().Name}:{method.ReflectedType.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})";

    /// <summary>The method with the arguments of a call, as the trace shows it.</summary>
    public static string Call(MethodInfo method, object?[]? arguments) =>
        $"{method.ReflectedType!.Name}.{method.Name}({string.Join(", ", (arguments ?? []).Select(Argument))})";

    private static string Argument(object? argument) => argument switch
    {
        null => "null",
        string text => $"\"{Shortened(text.ReplaceLineEndings("\\r\\n"))}\"",
        Table => "<table>",
        _ => Shortened(argument.ToString() ?? ""),
    };

    private static string Shortened(string text) => text.Length <= 20 ? text : $"{text[..17]}...";
}
