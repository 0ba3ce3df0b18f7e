namespace SecuritySpecs.Kube.Manifests;

/// <summary>What stands in a platform's files in the place of a placeholder: they were written, or rendered, for one tenant.</summary>
/// <param name="Placeholder">The placeholder's name.</param>
/// <param name="Text">What stands there. Where it is a part of a longer name it is something else.</param>
public sealed record WrittenValue(string Placeholder, string Text)
{
    private readonly Regex _whole = new($"(?<![A-Za-z0-9_-]){Regex.Escape(Text)}(?![A-Za-z0-9_-])");

    /// <summary>Whether a text has it.</summary>
    public bool IsIn(string text) => _whole.IsMatch(text);

    /// <summary>The text with another value in its place.</summary>
    public string Replace(string text, string value) => _whole.Replace(text, _ => value);
}
