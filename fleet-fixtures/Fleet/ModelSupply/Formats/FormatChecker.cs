using SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// Says whether a file of a model may be loaded. The content decides what a file is, for loaders look at the content, too; the name adds
/// what it promises: <c>.safetensors</c> has to be one. A file of no known kind passes if nothing in it would run when it is unpickled.
/// </summary>
/// <param name="allowedCode">The Python files that may be run, by their paths in the model.</param>
internal sealed class FormatChecker(IReadOnlyCollection<string> allowedCode)
{
    private const int DeepestArchive = 3;
    private const int MostFindings = 20;
    private const int HeadLength = 512;
    private const int LongestDocument = 256 * 1024 * 1024;

    private static readonly string[] s_pickles = [".pt", ".pth", ".th", ".ckpt", ".pkl", ".pickle", ".joblib"];
    private static readonly string[] s_native = [".so", ".dll", ".dylib", ".exe", ".pyd", ".pyc", ".pyo", ".jar", ".class", ".whl"];

    private static readonly Dictionary<string, string> s_closed = new(StringComparer.Ordinal)
    {
        [".h5"] = "HDF5", [".hdf5"] = "HDF5", [".keras"] = "Keras", [".pb"] = "TensorFlow's SavedModel", [".mar"] = "TorchServe", [".nemo"] = "NeMo",
    };

    private static readonly (byte[] Magic, string Name)[] s_magics =
    [
        ([0x7f, (byte)'E', (byte)'L', (byte)'F'], "native code"), ([0x89, (byte)'H', (byte)'D', (byte)'F'], "HDF5"),
        ([0x1f, 0x8b, 8], "gzip"), ([(byte)'B', (byte)'Z', (byte)'h'], "bzip2"), ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "xz"),
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd"), ([4, 0x22, 0x4d, 0x18], "lz4"), ([(byte)'7', (byte)'z', 0xbc, 0xaf], "7z"), ([(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1a], "rar"),
    ];

    private readonly List<string> _notes = [];

    /// <summary>What a person should know and what is no reason to refuse: every chat template, and every Python file that was allowed.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Checks a file.</summary>
    /// <param name="name">Its path in the model.</param>
    /// <param name="file">Its bytes.</param>
    /// <returns>Why it may not be loaded; nothing where it may.</returns>
    public IReadOnlyList<Finding> Check(string name, ByteSource file)
    {
        var findings = new List<Finding>();
        Check(name, name, file, 0, findings);
        return findings;
    }

    private void Check(string shown, string name, ByteSource file, int depth, List<Finding> findings)
    {
        try
        {
            CheckContent(shown, name, file, depth, findings);
        }
        catch (RefusedException e)
        {
            findings.Add(new(shown, e.What, e.Message));
        }
    }

    private void CheckContent(string shown, string name, ByteSource file, int depth, List<Finding> findings)
    {
        var type = Path.GetExtension(name).ToLowerInvariant();
        var head = file.Head(HeadLength);
        if (s_closed.TryGetValue(type, out var closed))
            throw new RefusedException("format", $"{closed} can carry code, and nothing here can look into it");
        if (s_native.Contains(type))
            throw new RefusedException(RemoteCode.What, "compiled code");
        if (type == ".py")
            CheckCode(shown, name, depth);
        else if (type == ".safetensors")
            SafetensorsFile.Check(file);
        else if (ZipDirectory.Fits(head))
            CheckZip(shown, file, depth, findings);
        else if (TarDirectory.Fits(head))
            CheckTar(shown, file, depth, findings);
        else if (Array.Find(s_magics, m => head.AsSpan().StartsWith(m.Magic)) is { Name: { } magic })
            throw new RefusedException("format", $"{magic}: nothing here can look into it");
        else if (NpyFile.Fits(head))
            NpyFile.Check(file);
        else if (GgufFile.Fits(head))
            CheckGguf(shown, file);
        else
            CheckByName(shown, type, head, file);
    }

    private void CheckByName(string shown, string type, byte[] head, ByteSource file)
    {
        if (s_pickles.Contains(type) || PickleFile.Fits(head))
            PickleFile.Check(file);
        else if (type is ".npy" or ".npz" or ".gguf" or ".zip" or ".tar")
            throw new RefusedException(type[1..], $"the file is no {type[1..]}: it begins with the bytes {Convert.ToHexString(head.AsSpan(0, Math.Min(8, head.Length)))}");
        else if (type is ".json" or ".ipynb")
            CheckJson(shown, Document(file));
        else if (type is ".jinja" or ".jinja2")
            CheckTemplate(shown, shown, Encoding.UTF8.GetString(Document(file)));
        else
            PickleFile.Sniff(file);
    }

    private void CheckCode(string shown, string name, int depth)
    {
        if (depth > 0 || !allowedCode.Contains(name))
            throw new RefusedException(RemoteCode.What, "Python code that is not on the list of allowed code");
        _notes.Add($"{Printable.Line(shown, 200)}: Python code, allowed by the list");
    }

    private void CheckGguf(string shown, ByteSource file)
    {
        foreach (var (key, template) in GgufFile.Check(file))
            CheckTemplate(shown, key, template);
    }

    private void CheckJson(string shown, byte[] json)
    {
        StrictJson.Check(json);
        RemoteCode.Check(json, allowedCode, note => _notes.Add($"{Printable.Line(shown, 200)}: {note}"));
    }

    private void CheckTemplate(string shown, string where, string template)
    {
        _notes.Add($"{Printable.Line(shown, 200)}: {ChatTemplate.Describe(where, template)}");
        ChatTemplate.Check(where, template);
    }

    private static byte[] Document(ByteSource file) => file.Length <= LongestDocument
        ? file.All()
        : throw new RefusedException("format", $"a document of {file.Length} bytes; at most {LongestDocument} are allowed");

    private void CheckZip(string shown, ByteSource file, int depth, List<Finding> findings)
    {
        var members = ZipDirectory.Read(file);
        var roots = members.Where(m => m.Name.EndsWith("/data.pkl", StringComparison.Ordinal)).Select(m => m.Name[..^"data.pkl".Length]).ToHashSet(StringComparer.Ordinal);
        foreach (var member in members.TakeWhile(_ => findings.Count < MostFindings))
        {
            // PyTorch copies these into tensors, and unpickles none of them.
            if (Root(member.Name, "data/") is { } root && roots.Contains(root))
                continue;
            try
            {
                CheckMember($"{shown}!{member.Name}", member, roots.Count > 0, depth, findings);
            }
            catch (RefusedException e)
            {
                findings.Add(new(shown, e.What, e.Message));
            }
        }
    }

    private void CheckMember(string shown, ArchiveMember member, bool isTorch, int depth, List<Finding> findings)
    {
        if (depth == DeepestArchive)
            throw new RefusedException("format", $"archives lie deeper than {DeepestArchive} in each other");
        var content = member.IsDeflated ? Inflated.Of(member) : member.Content;
        Inflated.CheckCrc(member, content);
        if (!isTorch || !member.Name.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase))
        {
            Check(shown, member.Name, content, depth + 1, findings);
            return;
        }
        try
        {
            PickleFile.CheckOne(content, "", torchStorages: true);
        }
        catch (RefusedException e)
        {
            findings.Add(new(shown, e.What, e.Message));
        }
    }

    // What is before "data/NUMBER", or null.
    private static string? Root(string name, string folder)
    {
        var number = name.Length;
        while (number > 0 && char.IsAsciiDigit(name[number - 1]))
            number--;
        return number < name.Length && name.AsSpan(0, number).EndsWith("/" + folder) ? name[..(number - folder.Length)] : null;
    }

    private void CheckTar(string shown, ByteSource file, int depth, List<Finding> findings)
    {
        var members = TarDirectory.Read(file);
        if (members.Any(m => m.Name is "pickle" or "storages" or "tensors"))
            throw new RefusedException("format", "a checkpoint of PyTorch before 0.1.10 mixes pickles and numbers, and is not analysed");
        foreach (var member in members.TakeWhile(_ => findings.Count < MostFindings))
            CheckMember($"{shown}!{member.Name}", member, false, depth, findings);
    }
}
