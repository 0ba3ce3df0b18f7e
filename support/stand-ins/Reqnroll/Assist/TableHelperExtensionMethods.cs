using Reqnroll.Assist;

namespace Reqnroll;

/// <summary>Turns tables into objects; columns match properties whatever their case, spaces and underscores.</summary>
public static class TableHelperExtensionMethods
{
    /// <summary>One object: of a table of two columns (member, value) or of a table of one row.</summary>
    public static T CreateInstance<T>(this Table table) =>
        IsVertical(table, typeof(T)) ? RowObject.Create<T>(table.Rows.Select(r => (r[0], r[1]))) : FromRow<T>(table.Rows[0]);

    /// <summary>One object a row.</summary>
    public static IEnumerable<T> CreateSet<T>(this Table table) => [.. table.Rows.Select(FromRow<T>)];

    private static T FromRow<T>(DataTableRow row) => RowObject.Create<T>(row.Select(c => (c.Key, c.Value)));

    private static bool IsVertical(Table table, Type type) =>
        table.Header.SequenceEqual(["Field", "Value"])
        || table.RowCount != 1
        || (table.Header.Count == 2 && RowObject.HasMember(type, table.Rows[0][0]));
}
