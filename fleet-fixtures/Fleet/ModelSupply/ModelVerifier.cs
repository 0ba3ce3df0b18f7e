using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply;

/// <summary>What the verifier found out.</summary>
/// <param name="Findings">Why the model is refused; empty where it may be loaded.</param>
/// <param name="Notes">What a person should know all the same.</param>
/// <param name="Files">How many files were verified.</param>
internal sealed record Verdict(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes, int Files);

/// <summary>
/// Says whether a model may be loaded: every file is signed by the one key, none was changed, added or removed, and no file runs code.
/// Only both together are enough: a signature tells who made a model, not that it is safe, and a safe format not who made it.
/// </summary>
/// <param name="key">The signer's public key.</param>
/// <param name="allowedCode">The Python files that may be run, by their paths in the model.</param>
/// <param name="signatureOnly">Leaves out what the files are.</param>
/// <param name="ignoreUnsigned">Lets files be that are not signed; what they are is looked at all the same.</param>
internal sealed class ModelVerifier(ModelKey key, IReadOnlyCollection<string> allowedCode, bool signatureOnly = false, bool ignoreUnsigned = false)
{
    private const string Changed = "changed", Added = "added", Missing = "missing", Link = "link", Unsigned = "unsigned";
    private readonly FormatChecker _formats = new(allowedCode);
    private readonly List<Finding> _findings = [];
    private readonly List<string> _notes = [];

    /// <summary>Verifies a model; an instance does it once.</summary>
    /// <param name="model">A folder, or the one file that the model is.</param>
    /// <param name="bundle">The signature. It may be in the folder; then it is not part of the model.</param>
    /// <param name="ignored">Paths in the model that are not looked at, besides those that the signature names.</param>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public Verdict Verify(string model, string bundle, IReadOnlyCollection<string>? ignored = null)
    {
        if (ReadManifest(bundle) is not { } manifest)
            return new(_findings, _notes, 0);
        var own = ModelFiles.Relative(model, bundle);
        var listing = ModelFiles.List(model, [.. manifest.IgnoredPaths, .. ignored ?? [], .. own is null ? [] : new[] { own }]);
        _notes.AddRange(listing.Ignored.Where(i => i != own).Select(i => $"{Printable.Line(i, 200)}: ignored, and not verified"));
        foreach (var other in listing.Others)
            _findings.Add(new(other, Link, "a link, pipe or device; only files and folders are allowed"));
        var signed = manifest.Resources.GroupBy(r => r.Path, StringComparer.Ordinal).ToDictionary(g => SignedName(g.Key, model), g => g.ToList(), StringComparer.Ordinal);
        foreach (var file in listing.Files)
            CheckFile(model, file, manifest, signed.GetValueOrDefault(file));
        foreach (var missing in signed.Keys.Except(listing.Files, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            _findings.Add(new(missing, Missing, "signed, and not there"));
        _notes.AddRange(_formats.Notes);
        return new(_findings, _notes, listing.Files.Count);
    }

    // The specification calls the file of a model that is one file by its name, the public tool by '.'.
    private static string SignedName(string path, string model) =>
        File.Exists(model) && path == Path.GetFileName(model) ? ModelFiles.SingleFile : path;

    private Manifest? ReadManifest(string bundle)
    {
        var name = Path.GetFileName(bundle);
        try
        {
            if (!FileKind.IsPlain(bundle))
                throw new RefusedException(Unsigned, "there is no such signature file");
            if (new FileInfo(bundle).Length > Bundle.Largest)
                throw new RefusedException(Bundle.What, $"the bundle has more than {Bundle.Largest} bytes");
            return Bundle.Verify(File.ReadAllBytes(bundle), key);
        }
        catch (RefusedException e)
        {
            _findings.Add(new(name, e.What, e.Message));
            return null;
        }
    }

    private void CheckFile(string model, string file, Manifest manifest, List<Resource>? signed)
    {
        using var handle = File.OpenHandle(ModelFiles.PathOf(model, file));
        var bytes = new FileBytes(handle);
        if (signed is not null)
            CheckDigests(file, bytes, signed);
        else if (manifest.ShardSize is not null && bytes.Length == 0)
            _notes.Add($"{Printable.Line(file, 200)}: empty, and signatures of parts do not have empty files");
        else if (ignoreUnsigned)
            _notes.Add($"{Printable.Line(file, 200)}: not signed, and ignored");
        else
            _findings.Add(new(file, Added, "not signed"));
        if (!signatureOnly)
            _findings.AddRange(_formats.Check(file == ModelFiles.SingleFile ? Path.GetFileName(model) : file, bytes));
    }

    private void CheckDigests(string file, ByteSource bytes, List<Resource> signed)
    {
        foreach (var resource in signed)
        {
            var end = resource.End ?? bytes.Length;
            if (end <= bytes.Length && ModelFiles.Digest(bytes, resource.Start, end) is var digest && digest != resource.Digest)
                _findings.Add(new(file, Changed, $"{Part(resource)}has the SHA-256 {digest}; {resource.Digest} is signed"));
        }
        if (signed.Max(r => r.End) is { } length && length != bytes.Length)
            _findings.Add(new(file, Changed, $"{bytes.Length} bytes; {length} are signed"));
    }

    private static string Part(Resource resource) => resource.End is null ? "" : $"bytes {resource.Start} to {resource.End}: ";
}
