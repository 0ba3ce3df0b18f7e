namespace Reqnroll.Generator;

/// <summary>Code that makes the compiler report errors in another file.</summary>
internal static class ErrorCode
{
    public static string For(string file, string codePath, IEnumerable<(int Line, string Message)> errors) =>
        string.Concat(errors.Select(e => $"#line {e.Line} \"{SourcePath.From(codePath, file)}\"\n#error {e.Message.ReplaceLineEndings(" ")}\n"));
}

internal static class SourcePath
{
    /// <summary>The file as seen from the code file, so that the code is the same on every machine; the compiler resolves it.</summary>
    public static string From(string codePath, string file) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(codePath))!, Path.GetFullPath(file)).Replace('\\', '/');
}
