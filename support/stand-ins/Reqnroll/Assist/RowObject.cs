using System.Reflection;

namespace Reqnroll.Assist;

/// <summary>Builds an object of named cells, by its parameterless constructor or the shortest one that takes all cells.</summary>
internal static class RowObject
{
    public static bool HasMember(Type type, string column) => Property(type, column) is not null;

    /// <exception cref="MissingMethodException">No constructor takes the cells.</exception>
    public static T Create<T>(IEnumerable<(string Column, string Cell)> cells)
    {
        var values = new Dictionary<PropertyInfo, object?>();
        foreach (var (column, cell) in cells)
        {
            if (Property(typeof(T), column) is { } property) values[property] = CellValue.Parse(cell, property.PropertyType, column);
        }

        var constructor = Constructor(typeof(T), values.Keys);
        var parameters = constructor?.GetParameters() ?? [];
        var arguments = parameters.Select(p => Argument(p, values)).ToArray();
        var instance = constructor is null ? Activator.CreateInstance<T>()! : constructor.Invoke(arguments);
        foreach (var (property, value) in values.Where(v => !parameters.Any(p => Takes(p, v.Key)))) property.SetValue(instance, value);
        return (T)instance;
    }

    private static PropertyInfo? Property(Type type, string column) =>
        Array.Find(type.GetProperties(), p => string.Equals(Plain(p.Name), Plain(column), StringComparison.OrdinalIgnoreCase));

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit));

    private static ConstructorInfo? Constructor(Type type, Dictionary<PropertyInfo, object?>.KeyCollection properties)
    {
        var constructors = type.GetConstructors().OrderBy(c => c.GetParameters().Length).ToList();
        if (type.IsValueType && properties.Count == 0) return null;
        if (constructors.Find(c => c.GetParameters().Length == 0) is { } parameterless) return parameterless;
        return constructors.Find(c => properties.All(p => c.GetParameters().Any(parameter => Takes(parameter, p))))
            ?? throw new MissingMethodException($"Unable to find a suitable constructor to create instance of {type}");
    }

    private static bool Takes(ParameterInfo parameter, PropertyInfo property) =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && parameter.ParameterType == property.PropertyType;

    private static object? Argument(ParameterInfo parameter, Dictionary<PropertyInfo, object?> values)
    {
        var given = values.FirstOrDefault(v => Takes(parameter, v.Key));
        return given.Key is not null ? given.Value : parameter.HasDefaultValue ? parameter.DefaultValue : null;
    }
}
