namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>The words after a role's name, sorted into options (<c>--name value</c> or <c>--name=value</c>), flags (<c>--name</c>) and the rest.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = [];
    private readonly HashSet<string> _flags = [];
    private readonly List<string> _words = [];

    /// <summary>Sorts <paramref name="args"/>.</summary>
    /// <exception cref="UsageException">An option is unknown, given twice, or lacks its value.</exception>
    public Arguments(IEnumerable<string> args, IReadOnlyCollection<string> knownOptions, IReadOnlyCollection<string>? knownFlags = null)
    {
        using var rest = args.GetEnumerator();
        while (rest.MoveNext())
        {
            if (knownFlags?.Contains(rest.Current) == true)
                _flags.Add(rest.Current);
            else if (rest.Current.StartsWith('-'))
                AddOption(rest.Current, rest, [.. knownOptions, .. knownFlags ?? []]);
            else
                _words.Add(rest.Current);
        }
    }

    /// <summary>What is not an option, in order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Whether the flag was given.</summary>
    public bool Has(string flag) => _flags.Contains(flag);

    /// <summary>The option's value, or null where it was not given.</summary>
    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <summary>The option's value as a whole number.</summary>
    /// <exception cref="UsageException">It is no whole number from <paramref name="least"/> to <paramref name="most"/>, or missing without a default.</exception>
    public int Number(string option, int least, int most, int? byDefault = null)
    {
        if (Text(option) is not { } text)
            return byDefault ?? throw new UsageException($"{option} is missing: a whole number from {least} to {most}");
        return Number(option, text, least, most);
    }

    /// <summary>The option's value as whole numbers with commas between them.</summary>
    /// <exception cref="UsageException">One is no whole number from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public IReadOnlyList<int> Numbers(string option, int least, int most, params int[] byDefault) =>
        Text(option) is { } text ? [.. text.Split(',').Select(t => Number(option, t, least, most))] : byDefault;

    /// <exception cref="UsageException">There is a word, and the role takes none.</exception>
    public void NoWords()
    {
        if (_words.Count > 0)
            throw new UsageException($"unexpected argument '{_words[0]}'");
    }

    private static int Number(string option, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{option} {text}: a whole number from {least} to {most} is expected");

    private void AddOption(string argument, IEnumerator<string> rest, IReadOnlyCollection<string> known)
    {
        var parts = argument.Split('=', 2);
        if (!known.Contains(parts[0]))
            throw new UsageException($"unknown option '{parts[0]}'" + (known.Count > 0 ? $"; known: {string.Join(" ", known)}" : ""));
        if (parts.Length == 1 && !rest.MoveNext())
            throw new UsageException($"{parts[0]} needs a value");
        if (!_options.TryAdd(parts[0], parts.Length == 2 ? parts[1] : rest.Current))
            throw new UsageException($"{parts[0]} is given twice");
    }
}
