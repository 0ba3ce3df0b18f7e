namespace SecuritySpecs.Secrets;

/// <summary>How one kind of credential looks, in the words of a rule of gitleaks.</summary>
/// <param name="Id">For example <c>huggingface-token</c>.</param>
/// <param name="Description">What it finds, for people.</param>
/// <param name="Regex">What a credential looks like with what stands before and after it.</param>
/// <param name="SecretGroup">The group of <paramref name="Regex"/> that is the credential; 0 for the first that matched, or else for all of it.</param>
/// <param name="Keywords">The rule is tried only where one of these words stands, in upper or lower case; always, where there are none.</param>
/// <param name="Entropy">The credential's Shannon entropy in bits a character must be above it; 0 for no matter.</param>
/// <param name="Allowed">Credentials that are none: examples of a vendor's documentation, placeholders.</param>
/// <param name="Stopwords">Words in lower case that no credential has.</param>
public sealed record SecretRule(
    string Id, string Description, Regex Regex, int SecretGroup, IReadOnlyList<string> Keywords, double Entropy, IReadOnlyList<Regex> Allowed, IReadOnlyList<string> Stopwords)
{
    /// <summary>Samples that the rule must find. A place such as <c>&lt;a-z0-9:40&gt;</c> in one stands for so many random characters of a class.</summary>
    public IReadOnlyList<string> Positive { get; init; } = [];

    /// <summary>Samples that look much like it and must not be found.</summary>
    public IReadOnlyList<string> NearMiss { get; init; } = [];

    /// <summary>Whether a text holds such a credential.</summary>
    public bool IsIn(string text) =>
        (Keywords.Count == 0 || Keywords.Any(k => text.Contains(k, StringComparison.OrdinalIgnoreCase))) && Regex.Matches(text).Any(m => IsCredential(CredentialOf(m)));

    private string CredentialOf(Match match) =>
        SecretGroup > 0 ? match.Groups[SecretGroup].Value : match.Groups.Values.Skip(1).FirstOrDefault(g => g.Length > 0)?.Value ?? match.Value;

    private bool IsCredential(string text) => text.Length > 0 && (Entropy <= 0 || EntropyOf(text) > Entropy) && !Allowed.Any(a => a.IsMatch(text))
        && !Stopwords.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>The Shannon entropy of a text, in bits a character.</summary>
    internal static double EntropyOf(string text) => -text.GroupBy(c => c).Select(g => (double)g.Count() / text.Length).Sum(p => p * Math.Log2(p));
}
