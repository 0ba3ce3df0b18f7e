namespace SecuritySpecs.FleetProgram.ModelSupply;

/// <summary><c>fleet verify-model</c>: says whether a model may be loaded.</summary>
internal sealed class VerifyModelRole : Role
{
    private const int Refused = 1;
    private const int BadInput = 2;

    public override string Name => "verify-model";

    public override string Summary => "verify a model's signature (OpenSSF Model Signing 1.0) and that none of its files runs code";

    public override IReadOnlyCollection<string> Options => ["--bundle", "--key", "--allow-code", "--ignore-paths"];

    public override IReadOnlyCollection<string> Flags => ["--signature-only", "--ignore-unsigned-files"];

    public override string Help =>
        """
        Usage: fleet verify-model --bundle FILE --key FILE [option ...] MODEL

        MODEL is a folder, or a model that is one file. Exit code 0: it may be loaded. 1: it is refused; each finding is a line
        FILE: WHAT: WHY. 2: bad input, such as no key. Notes, for example about every chat template, go to standard error.

          --bundle FILE      the signature: a sigstore bundle with a key's signature in the OpenSSF Model Signing 1.0 format
          --key FILE         the signer's public key as PEM: ECDSA on P-256, P-384 or P-521
          --allow-code LIST  the Python files that may be run, by their paths in the model, with commas between them
          --ignore-paths LIST
                             paths in the model that are not looked at, besides those that the signature names, and git's
          --ignore-unsigned-files
                             let files be that were added; a server may load them all the same
          --signature-only   do not look at what the files are

        WHAT is one of
          unsigned, bundle, signature, manifest      no signature, a malformed one, somebody else's, a manifest that makes no sense
          changed, added, missing, link              a file is not what was signed
          pickle, zip, tar, npy, npz, gguf, safetensors, json, template, code, format
                                                     a file is malformed, or could run code when it is loaded
        """;

    public override Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        if (arguments.Words is not [var model])
            throw new UsageException("expected one MODEL");
        var bundle = arguments.Text("--bundle") ?? throw new UsageException("--bundle is missing");
        if (!Directory.Exists(model) && !File.Exists(model))
            throw new UsageException($"{model}: there is no such folder or file");
        try
        {
            using var key = ModelOptions.Public(arguments);
            var verdict = new ModelVerifier(key, ModelOptions.List(arguments, "--allow-code"), arguments.Has("--signature-only"), arguments.Has("--ignore-unsigned-files")).Verify(model, bundle, ModelOptions.List(arguments, "--ignore-paths"));
            foreach (var note in verdict.Notes)
                Console.Error.WriteLine($"note: {note}");
            foreach (var finding in verdict.Findings)
                Console.WriteLine(finding);
            if (verdict.Findings.Count > 0)
                return Task.FromResult(Refused);
            Console.WriteLine($"verified: {verdict.Files} files, signed with the key {key.Hint}");
            return Task.FromResult(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"fleet {Name}: {e.Message.ReplaceLineEndings(" ")}");
            return Task.FromResult(BadInput);
        }
    }
}
