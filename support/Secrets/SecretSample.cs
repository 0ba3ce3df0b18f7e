namespace SecuritySpecs.Secrets;

/// <summary>A made-up credential, drawn from a sample of a rule.</summary>
/// <param name="Variable">The name of the variable that such a credential is usually in.</param>
/// <param name="Value">The credential.</param>
public sealed partial record SecretSample(string Variable, string Value)
{
    /// <summary>Draws a credential that a rule finds.</summary>
    public static SecretSample Of(SecretRule rule, Random random) =>
        Draw(rule.Positive[0], random) is var text && Assignment().Match(text) is { Success: true } match ? new(match.Groups["name"].Value, match.Groups["value"].Value) : new("CREDENTIAL", text);

    /// <summary>A sample with its places filled in: <c>&lt;a-z0-9:40&gt;</c> by 40 random characters of that class.</summary>
    public static string Draw(string sample, Random random) => Place().Replace(sample, m =>
        new string(random.GetItems<char>(Alphabet(m.Groups["class"].Value), int.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture))));

    private static char[] Alphabet(string @class) => [.. Range().Matches(@class)
        .SelectMany(m => m.Length == 3 ? Enumerable.Range(m.Value[0], m.Value[2] - m.Value[0] + 1).Select(c => (char)c) : [m.Value[0]])];

    [GeneratedRegex("^(?<name>[A-Za-z_]+)=(?<value>.+)$", RegexOptions.Singleline)]
    private static partial Regex Assignment();

    [GeneratedRegex("<(?<class>[^<>:]+):(?<count>[0-9]+)>")]
    private static partial Regex Place();

    [GeneratedRegex("[A-Za-z0-9]-[A-Za-z0-9]|.")]
    private static partial Regex Range();
}
