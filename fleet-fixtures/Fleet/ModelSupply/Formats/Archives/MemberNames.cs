namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>The names that files in an archive may have.</summary>
internal sealed class MemberNames(string what)
{
    private const int Longest = 1024;
    private readonly List<(string Name, bool IsFolder)> _names = [];

    /// <summary>Adds a name.</summary>
    /// <exception cref="RefusedException">It leaves the archive.</exception>
    public void Add(string name, bool isFolder = false)
    {
        var plain = isFolder ? name.TrimEnd('/') : name;
        if (Problem(plain) is { } problem)
            throw Refused(name, problem);
        _names.Add((plain, isFolder));
    }

    /// <summary>Compares all names, without regard to case: PyTorch and some file systems look for them so.</summary>
    /// <exception cref="RefusedException">Two members claim the same place.</exception>
    public void MustDiffer()
    {
        // In this order what lies in a file follows the file at once.
        _names.Sort((a, b) => Compare(a.Name, b.Name));
        for (var i = 1; i < _names.Count; i++)
        {
            var ((before, isFolder), (name, isFolderToo)) = (_names[i - 1], _names[i]);
            if (Compare(before, name) == 0 && !(isFolder && isFolderToo))
                throw Refused(name, "is there twice");
            if (!isFolder && name.Length > before.Length && name[before.Length] == '/' && Compare(before, name.AsSpan(0, before.Length)) == 0)
                throw Refused(name, "lies in a member that is a file");
        }
    }

    /// <summary>What is wrong with the path of a file in a model, or null.</summary>
    public static string? Problem(string name)
    {
        if (name.Length is 0 or > Longest)
            return $"has a name of {name.Length} characters; 1 to {Longest} are allowed";
        if (name[0] == '/' || name.Contains('\\') || name.Length > 1 && name[1] == ':')
            return "has an absolute path or a backslash";
        foreach (var part in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(part) is "" or "." or "..")
                return "has a path with empty parts, . or ..";
        }
        return name.Any(char.IsControl) ? "has a control character in its name" : null;
    }

    private static int Compare(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var difference = Order(a[i]) - Order(b[i]);
            if (difference != 0)
                return difference;
        }
        return a.Length - b.Length;
    }

    private static int Order(char letter) => letter == '/' ? -1 : char.ToUpperInvariant(letter);

    private RefusedException Refused(string name, string why) => new(what, $"member {Printable.Line(name, 200)} {why}");
}
