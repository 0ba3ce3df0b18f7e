namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>What torch.save writes, before and since PyTorch 1.6.</summary>
internal static class Checkpoint
{
    /// <summary>The pickle of a state dict with one tensor of two floats.</summary>
    public static readonly byte[] State = StateDict("0").Bytes;

    /// <summary>The pickle of the names of its storages.</summary>
    public static readonly byte[] Keys = Pickle.Protocol(2).Text("]").BinPut(0).Unicode("0").BinPut(1).Text("a.").Bytes;

    /// <summary>An old checkpoint: magic number, protocol, system, state dict, storages' names, and their numbers.</summary>
    public static byte[] Of(byte[] state, byte[] keys, int bytesOfNumbers) =>
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        .. Pickle.Protocol(2).Text("M\u00e9\u0003.").Bytes, .. Pickle.Protocol(2).Text("}").BinPut(0).Text(".").Bytes,
        .. state, .. keys, .. bytesOfNumbers > 0 ? BitConverter.GetBytes(2L) : [], .. new byte[bytesOfNumbers],
    ];

    /// <summary>The pickle of a state dict, as torch.save writes it: an OrderedDict with a tensor and its metadata.</summary>
    public static Pickle StateDict(string key, string storage = "FloatStorage") => Pickle.Protocol(2)
        .Global("collections", "OrderedDict").BinPut(0).Text(")R").BinPut(1).Text("(")
        .Unicode("linear.weight").BinPut(2)
        .Global("torch._utils", "_rebuild_tensor_v2").BinPut(3)
        .Text("((").Unicode("storage").BinPut(4).Global("torch", storage).BinPut(5).Unicode(key).BinPut(6).Unicode("cpu").BinPut(7).Text("K\u0002t").BinPut(8).Text("Q")
        .Text("K\u0000K\u0001K\u0002").Raw(0x86).BinPut(9).Text("K\u0002K\u0001").Raw(0x86).BinPut(10).Raw(0x89)
        .BinGet(0).Text(")R").BinPut(11).Text("t").BinPut(12).Text("R").BinPut(13)
        .Text("u}").BinPut(14).Unicode("_metadata").BinPut(15).BinGet(0).Text(")R").BinPut(16).Text("sb.");
}
