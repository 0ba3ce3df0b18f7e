using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reqnroll;

/// <summary>The data table of a step: a header and rows of as many cells.</summary>
public class Table
{
    private readonly string[] _header;

    /// <exception cref="ArgumentException">There is no column.</exception>
    public Table(params string[] header)
    {
        if (header.Length == 0) throw new ArgumentException("No headers to add", nameof(header));
        _header = header;
    }

    public ICollection<string> Header => _header;

    public DataTableRows Rows { get; } = new();

    public int RowCount => Rows.Count;

    public bool ContainsColumn(string column) => _header.Contains(column);

    /// <exception cref="ArgumentException">The cells are not as many as the columns.</exception>
    public void AddRow(params string[] cells)
    {
        if (cells.Length != _header.Length)
            throw new ArgumentException($"The number of cells ({cells.Length}) you are trying to add doesn't match the number of columns ({_header.Length}).\nThe table looks like this\n{this}");
        Rows.Add(new DataTableRow(this, cells));
    }

    /// <summary>The table as a feature file shows it, columns aligned.</summary>
    public override string ToString()
    {
        var widths = _header.Select((h, i) => Rows.Select(r => r[i].Length).Append(h.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (var cells in Rows.Select(r => r.Values).Prepend(_header))
            text.Append('|').AppendJoin('|', cells.Select((c, i) => $" {c.PadRight(widths[i])} ")).Append('|').AppendLine();
        return text.ToString();
    }

    internal int IndexOf(string column)
    {
        var index = Array.IndexOf(_header, column);
        return index >= 0 ? index : throw NoSuchColumn(column);
    }

    // The real package throws this type.
    [SuppressMessage("Usage", "CA2201:Do not raise reserved exception types")]
    private IndexOutOfRangeException NoSuchColumn(string column) =>
        new($"Could not find a column named '{column}' in the table.\nThe table looks like this:\n{this}");
}

/// <summary>A <see cref="Table"/> under the name that new bindings use.</summary>
public class DataTable(params string[] header) : Table(header);

public sealed class DataTableRows : IEnumerable<DataTableRow>
{
    private readonly List<DataTableRow> _rows = [];

    internal DataTableRows()
    {
    }

    public int Count => _rows.Count;

    public DataTableRow this[int index] => _rows[index];

    public IEnumerator<DataTableRow> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(DataTableRow row) => _rows.Add(row);
}

/// <summary>The cells of one row by column name, in the order of the header.</summary>
public sealed class DataTableRow : IDictionary<string, string>
{
    private readonly Table _table;
    private readonly string[] _cells;

    internal DataTableRow(Table table, string[] cells)
    {
        _table = table;
        _cells = cells;
    }

    public int Count => _cells.Length;

    public ICollection<string> Keys => _table.Header;

    public ICollection<string> Values => _cells;

    bool ICollection<KeyValuePair<string, string>>.IsReadOnly => false;

    public string this[int index] => _cells[index];

    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public string this[string header]
    {
        get => _cells[_table.IndexOf(header)];
        set => _cells[_table.IndexOf(header)] = value;
    }

    public bool ContainsKey(string key) => _table.ContainsColumn(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = ContainsKey(key) ? this[key] : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        _table.Header.Select((h, i) => KeyValuePair.Create(h, _cells[i])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void IDictionary<string, string>.Add(string key, string value) => throw FixedStructure();

    bool IDictionary<string, string>.Remove(string key) => throw FixedStructure();

    void ICollection<KeyValuePair<string, string>>.Add(KeyValuePair<string, string> item) => throw FixedStructure();

    void ICollection<KeyValuePair<string, string>>.Clear() => throw FixedStructure();

    bool ICollection<KeyValuePair<string, string>>.Contains(KeyValuePair<string, string> item) =>
        TryGetValue(item.Key, out var value) && value == item.Value;

    void ICollection<KeyValuePair<string, string>>.CopyTo(KeyValuePair<string, string>[] array, int arrayIndex) => throw FixedStructure();

    bool ICollection<KeyValuePair<string, string>>.Remove(KeyValuePair<string, string> item) => throw FixedStructure();

    private static ReqnrollException FixedStructure() =>
        new("The table rows must contain the same number of items as the header count of the table. The structure cannot be modified.");
}
