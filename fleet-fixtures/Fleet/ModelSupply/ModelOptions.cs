using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply;

/// <summary>The options that several roles have.</summary>
internal static class ModelOptions
{
    /// <summary>The key that <c>--key</c> names.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ModelKey Public(Arguments arguments) => Read(arguments, ModelKey.ReadPublic);

    /// <summary>The private key that <c>--key</c> names.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ModelKey Private(Arguments arguments) => Read(arguments, ModelKey.ReadPrivate);

    /// <summary>The words of an option, with commas between them.</summary>
    public static IReadOnlyCollection<string> List(Arguments arguments, string option) =>
        arguments.Text(option)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static ModelKey Read(Arguments arguments, Func<string, ModelKey> read)
    {
        var file = arguments.Text("--key") ?? throw new UsageException("--key is missing");
        try
        {
            return read(File.ReadAllText(file));
        }
        catch (Exception e) when (e is ModelKeyException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--key {file}: {e.Message}");
        }
    }
}
