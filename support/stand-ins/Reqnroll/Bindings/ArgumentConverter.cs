using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Reqnroll.Bindings;

/// <summary>Turns step texts, doc strings and tables into the arguments of step definitions.</summary>
internal sealed class ArgumentConverter(BindingRegistry registry)
{
    public bool CanConvert(object value, Type type, CultureInfo culture)
    {
        if (Transformation(value, type) is not null || type.IsInstanceOfType(value)) return true;
        try
        {
            ConvertSimple(value, type, culture);
            return true;
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    /// <exception cref="FormatException">The text is not such a value.</exception>
    public async Task<object?> ConvertAsync(object value, Type type, ScenarioContext scenario, FeatureContext feature, TransformationBinding? inside = null)
    {
        var transformation = Transformation(value, type);
        if (transformation is not null && transformation != inside) return await TransformAsync(transformation, value, scenario, feature);
        return type.IsInstanceOfType(value) ? value : ConvertSimple(value, type, feature.BindingCulture);
    }

    private TransformationBinding? Transformation(object value, Type type) => registry.Transformations.FirstOrDefault(t =>
        t.Method.ReturnType == type
        && (t.Regex is not null && value is string text ? t.Regex.IsMatch(text) : t.TakesTable == value is Table));

    private async Task<object?> TransformAsync(TransformationBinding transformation, object value, ScenarioContext scenario, FeatureContext feature)
    {
        object[] parts = transformation.Regex is not null && value is string text
            ? [.. transformation.Regex.Match(text).Groups.Cast<Group>().Skip(1).Select(g => g.Value)]
            : [value];
        var parameters = transformation.Method.GetParameters();
        if (parts.Length != parameters.Length)
            throw new BindingException($"Parameter count mismatch! The transformation '{MethodText.Of(transformation.Method)}' should have {parts.Length} parameters");

        var arguments = new object?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            arguments[i] = await ConvertAsync(parts[i], parameters[i].ParameterType, scenario, feature, transformation);
        return await BindingInvoker.InvokeAsync(transformation.Method, arguments, scenario.ScenarioContainer, feature);
    }

    private static object? ConvertSimple(object value, Type type, CultureInfo culture)
    {
        if (type.IsEnum && value is string name) return Enum.Parse(type, name.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);

        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(value.GetType())) return Convert.ChangeType(value, type, culture);
        try
        {
            return converter.ConvertFrom(null, culture, value);
        }
        catch (Exception e) when (e is not FormatException)
        {
            throw new FormatException($"'{value}' is not a value of type {type.Name}", e);
        }
    }
}
