using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply;

/// <summary><c>fleet sign-model</c>: signs a model as its author does.</summary>
internal sealed class SignModelRole : Role
{
    public override string Name => "sign-model";

    public override string Summary => "sign a model with a key (OpenSSF Model Signing 1.0)";

    public override IReadOnlyCollection<string> Options => ["--bundle", "--key", "--shard-size"];

    public override string Help =>
        """
        Usage: fleet sign-model --bundle FILE --key FILE [--shard-size BYTES] FOLDER

        Signs all files of FOLDER but git's own and the bundle. The public tool verifies the bundle, too:
        model_signing verify key --signature FILE --public_key FILE FOLDER

          --bundle FILE        where the signature goes
          --key FILE           the signer's private key as PEM, unencrypted: ECDSA on P-256, P-384 or P-521
          --shard-size BYTES   sign parts of this size instead of whole files
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        if (arguments.Words is not [var model] || !Directory.Exists(model))
            throw new UsageException("expected a FOLDER that is there");
        var bundle = arguments.Text("--bundle") ?? throw new UsageException("--bundle is missing");
        using var key = ModelOptions.Private(arguments);
        try
        {
            var own = ModelFiles.Relative(model, bundle);
            var shardSize = arguments.Text("--shard-size") is null ? (long?)null : arguments.Number("--shard-size", 1, int.MaxValue);
            await File.WriteAllBytesAsync(bundle, ModelSigner.Sign(model, key, own is null ? [] : [own], shardSize), stop);
            Console.WriteLine($"signed with the key {key.Hint}");
            return 0;
        }
        catch (RefusedException e)
        {
            throw new FleetException($"{model}: {e.Message}");
        }
    }
}
