namespace SecuritySpecs.Kube;

/// <summary>A file that a person wrote is wrong: one clear line, with file and line number, and exit code 2.</summary>
/// <param name="file">The file, as its author knows it.</param>
/// <param name="line">1-based; 0 when no line can be named.</param>
/// <param name="problem">What is wrong and what is allowed.</param>
public sealed partial class BadInputException(string file, int line, string problem)
    : Exception(OneLine().Replace(line > 0 ? $"{file}:{line}: {problem}" : $"{file}: {problem}", " "))
{
    // The problem may quote the file, or a library that says more.
    [GeneratedRegex(@"[\p{Cc}\p{Zl}\p{Zp}]+")]
    private static partial Regex OneLine();
}
