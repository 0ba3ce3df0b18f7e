using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Reports;

/// <summary>The ids that exist in each framework, as features/frameworks.yaml lists them.</summary>
public sealed partial class FrameworkIds
{
    /// <summary>The file, as its author knows it.</summary>
    public const string FileName = "features/frameworks.yaml";

    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _ids;

    private FrameworkIds(IReadOnlyDictionary<string, IReadOnlyList<string>> ids) => _ids = ids;

    /// <summary>Reads the file of a repository.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FrameworkIds Read(string root) => Parse(TextFile.Read(Path.Combine(root, FileName), FileName));

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FrameworkIds Parse(string text)
    {
        var file = new YamlFile(FileName);
        var ids = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, list) in file.Map(file.Parse(text), "frameworks"))
        {
            var framework = file.Text(key, "framework");
            ids[framework] = [.. file.Items(list, framework).SelectMany(item =>
                Expanded(file.Text(item, framework)) ?? throw file.Error(item, $"{framework}: expected FIRST..LAST, where LAST is a number that is not below that of FIRST, but found \"{item}\""))];
        }

        return new(ids);
    }

    /// <summary>What is wrong with an id; null where it exists.</summary>
    public string? Problem(string framework, string id) =>
        !_ids.TryGetValue(framework, out var known) ? $"{framework}: {FileName} lists no ids of this framework"
        : known.Contains(id) ? null
        : $"{framework}: there is no \"{id}\"{(known.MinBy(k => EditDistance.Between(k, id)) is { } nearest ? $"; the nearest is \"{nearest}\"" : "")} ({FileName} lists those that exist)";

    /// <summary>The ids of a framework; none of one that the file lacks.</summary>
    public IReadOnlyList<string> Of(string framework) => _ids.GetValueOrDefault(framework) ?? [];

    // K01..10 is K01 to K10. Null for a range that is none.
    internal static IEnumerable<string>? Expanded(string text)
    {
        if (!text.Contains("..", StringComparison.Ordinal))
            return [text];
        if (Range().Match(text) is not { Success: true } range)
            return null;
        var digits = range.Groups[2].Value;
        var (first, last) = (int.Parse(digits, CultureInfo.InvariantCulture), int.Parse(range.Groups[3].Value, CultureInfo.InvariantCulture));
        var width = digits[0] == '0' ? digits.Length : 1;
        return last < first ? null : Enumerable.Range(first, last - first + 1).Select(n => range.Groups[1].Value + n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
    }

    [GeneratedRegex(@"^(.*?)(\d{1,4})\.\.(\d{1,4})\z")]
    private static partial Regex Range();
}
