namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>What a pickle may do with something that it may import.</summary>
[Flags]
internal enum ImportUse
{
    /// <summary>Name it, as a type in an argument.</summary>
    Name = 0,

    /// <summary>Call it, or make an instance.</summary>
    Call = 1,

    /// <summary>Give a state to what the call returns.</summary>
    State = 2,

    /// <summary>Call it with a text and the name of an encoding, which must be latin1.</summary>
    Latin1 = 4,
}

/// <summary>Something that a pickle may import.</summary>
/// <param name="Module">The module, exactly as the pickle names it.</param>
/// <param name="Name">The name in the module, exactly.</param>
/// <param name="Use">What may be done with it.</param>
/// <param name="StorageBytes">For a storage type of PyTorch the bytes of one number; 0 for everything else.</param>
internal sealed record AllowedImport(string Module, string Name, ImportUse Use, int StorageBytes = 0);

/// <summary>
/// Everything that a pickle may import: what tensors, arrays and plain containers need, and nothing that runs what its arguments say.
/// Modelled on the list of torch.load with weights_only (<c>torch/_weights_only_unpickler.py</c>), without what takes functions as
/// arguments (<c>_rebuild_from_type_v2</c>, <c>defaultdict</c>) or allocates what a number says (<c>bytearray</c>).
/// <c>torch.storage._load_from_bytes</c> must never be here: it is torch.load itself.
/// </summary>
internal static class AllowedImports
{
    /// <summary>The list; a pickle's values refer to its places.</summary>
    public static readonly IReadOnlyList<AllowedImport> All = [.. List()];

    private static readonly Dictionary<(string, string), int> s_places =
        All.Select((import, place) => (import, place)).ToDictionary(i => (i.import.Module, i.import.Name), i => i.place);

    /// <summary>The place of an import in the list, or -1 for one that is not allowed.</summary>
    public static int PlaceOf(string module, string name) => s_places.GetValueOrDefault((module, name), -1);

    private static IEnumerable<AllowedImport> List()
    {
        yield return new("collections", "OrderedDict", ImportUse.Call | ImportUse.State);
        yield return new("collections", "Counter", ImportUse.Call);
        yield return new("_codecs", "encode", ImportUse.Latin1);
        // Protocols 0 to 2 write Python 2's name of the module.
        foreach (var builtins in new[] { "builtins", "__builtin__" })
        {
            foreach (var type in new[] { "set", "frozenset", "complex" })
                yield return new(builtins, type, ImportUse.Call);
        }
        foreach (var core in new[] { "numpy.core", "numpy._core" })
        {
            yield return new($"{core}.multiarray", "_reconstruct", ImportUse.Call | ImportUse.State);
            yield return new($"{core}.multiarray", "scalar", ImportUse.Call);
            yield return new($"{core}.numeric", "_frombuffer", ImportUse.Call);
        }
        yield return new("numpy", "ndarray", ImportUse.Name);
        yield return new("numpy", "dtype", ImportUse.Call | ImportUse.State);
        foreach (var rebuild in new[] { "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter",
            "_rebuild_parameter_with_state", "_rebuild_sparse_tensor", "_rebuild_qtensor" })
            yield return new("torch._utils", rebuild, ImportUse.Call);
        foreach (var type in new[] { "Size", "device" })
            yield return new("torch", type, ImportUse.Call);
        yield return new("torch.serialization", "_get_layout", ImportUse.Call);
        foreach (var type in new[] { "float16", "float32", "float64", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool",
            "complex64", "complex128", "float8_e4m3fn", "float8_e5m2" })
            yield return new("torch", type, ImportUse.Name);
        foreach (var scheme in new[] { "per_tensor_affine", "per_channel_affine" })
            yield return new("torch", scheme, ImportUse.Name);
        foreach (var (type, bytes) in new[] { ("Double", 8), ("Float", 4), ("Half", 2), ("BFloat16", 2), ("Long", 8), ("Int", 4),
            ("Short", 2), ("Char", 1), ("Byte", 1), ("Bool", 1), ("ComplexDouble", 16), ("ComplexFloat", 8) })
            yield return new("torch", $"{type}Storage", ImportUse.Name, bytes);
        yield return new("torch.storage", "UntypedStorage", ImportUse.Name, 1);
    }
}
