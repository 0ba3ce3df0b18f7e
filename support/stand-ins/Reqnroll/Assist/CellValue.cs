using System.Collections;
using System.ComponentModel;
using System.Globalization;

namespace Reqnroll.Assist;

/// <summary>Reads a table cell as a value of a property's type.</summary>
internal static class CellValue
{
    private static readonly char[] Separators = [',', ';'];

    /// <summary>Empty is null for a nullable value; a list is separated by commas or semicolons.</summary>
    /// <exception cref="FormatException">The cell is not such a value. (The real package takes a bad number as 0.)</exception>
    public static object? Parse(string cell, Type type, string column)
    {
        if (type == typeof(string)) return cell;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return cell.Length == 0 ? null : Parse(cell, underlying, column);
        if (ItemType(type) is { } item) return ParseList(cell, type, item, column);

        try
        {
            if (type.IsEnum) return Enum.Parse(type, cell.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);
            if (type == typeof(bool) && cell is "1" or "0") return cell == "1";
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.CurrentCulture, cell);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            throw new FormatException($"'{cell}' in column '{column}' is not a value of type {type.Name}", e);
        }
    }

    private static Type? ItemType(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        if (!type.IsGenericType) return null;
        var item = type.GetGenericArguments()[0];
        return type.IsAssignableFrom(typeof(List<>).MakeGenericType(item)) ? item : null;
    }

    private static object ParseList(string cell, Type type, Type item, string column)
    {
        var values = string.IsNullOrWhiteSpace(cell) ? [] : cell.Split(Separators).Select(c => Parse(c.Trim(), item, column)).ToArray();
        if (type.IsArray)
        {
            var array = Array.CreateInstance(item, values.Length);
            values.CopyTo(array, 0);
            return array;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var value in values) list.Add(value);
        return list;
    }
}
