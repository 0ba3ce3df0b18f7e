using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Zip archives in which a scanner and a loader see different things, that leave their folder, or that are bombs.</summary>
internal static class HostileZips
{
    private const string Flags = "CRC and flag bits of the zip", Headers = "a local header unlike the directory", Names = "names and links in archives", Bombs = "bombs";
    private static readonly byte[] s_payload = HostilePickles.Payload;
    private static readonly ZipItem s_plain = new("a.txt", "hello"u8.ToArray());

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All() => [.. FlagBits(), .. LocalHeaders(), .. MemberNames(), .. MuchFromLittle(), .. Members()];

    private static IEnumerable<HostileInput> FlagBits()
    {
        foreach (var flag in new ushort[] { 0x1, 0x10, 0x20, 0x40, 0x1000, 0x2000, 0x8000 })
            yield return Torch(Flags, $"flag 0x{flag:x}", [new("m/data.pkl", s_payload) { Flags = flag }], $"has the flags 0x{flag:x4}");
        yield return Torch(Flags, "flags in the local header alone", [new("m/data.pkl", s_payload) { LocalFlags = 1 }], "has other flags or another method in its local header");
        yield return Torch(Flags, "a wrong CRC", [new("m/data.pkl", Checkpoint.State) { Crc = 1 }], "has the CRC-32", "zip");
        yield return Torch(Flags, "a wrong CRC in the local header", [new("m/data.pkl", Checkpoint.State) { LocalCrc = 1 }], "has another CRC or other sizes");
        yield return Torch(Flags, "a wrong CRC in the data descriptor", [new("m/data.pkl", Checkpoint.State) { Flags = 8, DescriptorCrc = 1 }], "has a data descriptor that differs");
        foreach (var method in new ushort[] { 9, 12, 14, 93, 99 })
            yield return Torch(Flags, $"method {method}", [new("m/data.pkl", s_payload) { Method = method }], $"is packed by method {method}");
    }

    private static IEnumerable<HostileInput> LocalHeaders()
    {
        yield return Torch(Headers, "another name", [new("m/data.pkl", s_payload) { LocalName = "m/harmless" }], "has another name in its local header: m/harmless");
        yield return Torch(Headers, "a name in another case", [new("m/data.pkl", s_payload) { LocalName = "m/DATA.pkl" }], "has another name in its local header");
        yield return Torch(Headers, "a second name in an extra field", [new("m/data.pkl", s_payload) { CentralExtra = [0x75, 0x70, 5, 0, 1, 0, 0, 0, 0] }], "has a second name in an extra field");
        yield return Torch(Headers, "an extra field that is cut", [new("m/data.pkl", s_payload) { Extra = [1, 0, 99, 0] }], "an extra field is truncated");
        yield return Torch(Headers, "another size", [new("m/data.pkl", s_payload) { Size = 3 }], "its two sizes differ");
        yield return Torch(Headers, "two members with the same bytes", [new("m/data.pkl", s_payload), new("m/version", s_payload) { PointsToFirst = true }], "begins at byte 0");
        yield return Bytes(Headers, "something before the archive", Zip.Write([s_plain], before: s_payload), "pickle", "imports os.system");
        yield return Bytes(Headers, "a text before the archive", Zip.Write([s_plain], before: "hi"u8.ToArray()), "pickle", "BINGET at byte 0", "model.pt");
        yield return Bytes(Headers, "something behind the archive", [.. Zip.Of(s_plain), .. s_payload], "zip", "something follows the archive");
        yield return Bytes(Headers, "a comment", Zip.Write([s_plain], comment: s_payload), "zip", "something follows the archive");
        yield return Bytes(Headers, "something between the members and the directory", Zip.Write([s_plain], after: s_payload), "zip", "the last member ends at");
        yield return Bytes(Headers, "a member that the directory does not have", Hidden(), "zip", "begins at byte");
        yield return Bytes(Headers, "more members than there are", Zip.Write([s_plain], count: 2), "zip", "the directory is truncated");
        yield return Bytes(Headers, "fewer members than there are", Zip.Write([s_plain, new("m/data.pkl", s_payload)], count: 1), "zip", "bytes behind its 1 members");
        yield return Bytes(Headers, "the end record is cut", Zip.Of(s_plain)[..^1], "zip", "truncated");
        yield return Bytes(Headers, "only the beginning", Zip.Of(s_plain)[..30], "zip", "truncated");
        yield return Bytes(Headers, "zip64 records that differ from the short ones", Zip64Mismatch(), "zip", "the two end records differ");
    }

    private static IEnumerable<HostileInput> MemberNames()
    {
        foreach (var (name, why) in new[]
        {
            ("../evil.txt", "a path with empty parts, . or .."), ("a/../../evil.txt", "a path with empty parts, . or .."), ("/etc/passwd", "an absolute path"), ("a//b", "a path with empty parts"),
            ("C:/evil.txt", "an absolute path"), (@"..\evil.txt", "a backslash"), ("a\nb", "a control character"), ("", "a name of 0 characters"), (new string('a', 2000), "a name of 2000 characters"),
        })
            yield return Torch(Names, $"{Printable.Line(name, 30)} in a zip", [new(name, [])], why);
        yield return Torch(Names, "a link in a zip", [new("link", "/etc/passwd"u8.ToArray()) { Mode = 0xa1ff }], "member link is a link");
        yield return Torch(Names, "a device in a zip", [new("null", []) { Mode = 0x21ff }], "is neither a file nor a folder");
        yield return Torch(Names, "the same name twice", [new("m/data.pkl", Checkpoint.State), new("m/data.pkl", s_payload)], "member m/data.pkl is there twice");
        yield return Torch(Names, "the same name in another case", [new("m/data.pkl", Checkpoint.State), new("m/DATA.PKL", s_payload)], "is there twice");
        yield return Torch(Names, "a file and a folder of one name", [new("m", []), new("m/data.pkl", s_payload)], "lies in a member that is a file");
        yield return Torch(Names, "a folder with content", [new("m/", s_payload)], "its two sizes differ");
    }

    private static IEnumerable<HostileInput> MuchFromLittle()
    {
        yield return Torch(Bombs, "a zip that unpacks to 100 times its size", [new("zeros", new byte[2_000_000]) { Deflate = true }], "more than 100 times the archive");
        yield return Torch(Bombs, "a pickle that unpacks to 60 times its size", [new("m/data.pkl", new Pickle().Text(string.Concat(Enumerable.Repeat("I1\n0", 60_000))).Text("N.").Bytes) { Deflate = true }, new("weights.txt", new byte[4000])], "it is not analysed");
        yield return Torch(Bombs, "a member that unpacks to more than it says", [new("m/data.pkl", s_payload) { Deflate = true, Size = 3, Crc = 0 }], "unpacks to another size");
        yield return Torch(Bombs, "a member that cannot be unpacked", [new("m/data.pkl", [0xff, 0xff, 0xff]) { Method = 8 }], "cannot be unpacked");
        yield return Torch(Bombs, "sizes of 4 GB", [new("m/data.pkl", s_payload) { Deflate = true, Size = 0xfffffffe }], "more than 100 times the archive");
        yield return new(Bombs, "archives in archives in archives", "model.zip", Deep(6), "format", "archives lie deeper than 3", "model.zip!x.zip!x.zip!x.zip");
    }

    private static IEnumerable<HostileInput> Members()
    {
        const string Class = "a payload in an archive";
        yield return Member(Class, "the pickle of a PyTorch archive", Zip.Torch(s_payload), "model/data.pkl");
        yield return Member(Class, "a second pickle in a PyTorch archive", Zip.Torch(Checkpoint.State, Zip.TorchItem("model/constants.pkl", s_payload)), "model/constants.pkl");
        yield return Member(Class, "a pickle of another name in a PyTorch archive", Zip.Torch(Checkpoint.State, Zip.TorchItem("model/extra", s_payload)), "model/extra");
        yield return Member(Class, "a deflated pickle", Zip.Of(new ZipItem("m/data.pkl", s_payload) { Deflate = true }), "m/data.pkl");
        yield return Member(Class, "a pickle where PyTorch has numbers, in no PyTorch archive", Zip.Of(new ZipItem("m/data/0", s_payload)), "m/data/0");
        yield return Member(Class, "a folder that looks like PyTorch's", Zip.Torch(Checkpoint.State, Zip.TorchItem("other/data/0", s_payload)), "other/data/0");
        yield return Member(Class, "an archive in an archive", Zip.Of(new ZipItem("inner.zip", Zip.Torch(s_payload))), "inner.zip!model/data.pkl");
        yield return new(Class, "code of TorchScript", "model.pt", Zip.Torch(Checkpoint.State, Zip.TorchItem("model/code/__torch__.py", "x = 1"u8.ToArray())), "code", "not on the list", "model.pt!model/code/__torch__.py");
        yield return new(Class, "a persistent object that is no storage", "model.pt", Zip.Torch(Pickle.Protocol(2).Unicode("0").Text("Q.").Bytes), "pickle", "not one of PyTorch's storages", "model.pt!model/data.pkl");
        yield return new(Class, "an array of objects in an npz", "data.npz", Zip.Of(new ZipItem("a.npy", Npy.Of(Npy.Header("'|O'", "(1,)"), s_payload))), "pickle", "the array has objects, so it is a pickle", "data.npz!a.npy");
        yield return new(Class, "a pickle in an npz", "data.npz", Zip.Of(new ZipItem("a", s_payload)), "pickle", "imports os.system", "data.npz!a");
        yield return new(Class, "compiled code", "data.zip", Zip.Of(new ZipItem("a", [0x7f, .. "ELF"u8, 2, 1])), "format", "native code", "data.zip!a");
    }

    private static HostileInput Torch(string @class, string name, ZipItem[] items, string why, string what = "zip") => Bytes(@class, name, Zip.Of(items), what, why);

    private static HostileInput Bytes(string @class, string name, byte[] bytes, string what, string why, string? where = null) => new(@class, name, "model.pt", bytes, what, why, where);

    private static HostileInput Member(string @class, string name, byte[] bytes, string member) => new(@class, name, "model.pt", bytes, "pickle", "imports os.system", $"model.pt!{member}");

    private static byte[] Deep(int depth) => depth == 0 ? s_payload : Zip.Of(new ZipItem(depth == 1 ? "x.pkl" : "x.zip", Deep(depth - 1)));

    // The local header and the bytes of a member stay, and the directory has one member less.
    private static byte[] Hidden()
    {
        var both = Zip.Of(new ZipItem("m/data.pkl", s_payload), s_plain);
        var start = BitConverter.ToInt32(both, both.Length - 6);
        var first = 46 + "m/data.pkl".Length;
        byte[] bytes = [.. both[..start], .. both[(start + first)..]];
        BitConverter.GetBytes((ushort)1).CopyTo(bytes, bytes.Length - 12);
        BitConverter.GetBytes((ushort)1).CopyTo(bytes, bytes.Length - 14);
        BitConverter.GetBytes(BitConverter.ToInt32(bytes, bytes.Length - 10) - first).CopyTo(bytes, bytes.Length - 10);
        return bytes;
    }

    private static byte[] Zip64Mismatch()
    {
        var bytes = Zip.Write([s_plain], zip64: true);
        BitConverter.GetBytes((ushort)7).CopyTo(bytes, bytes.Length - 12);
        BitConverter.GetBytes((ushort)7).CopyTo(bytes, bytes.Length - 14);
        return bytes;
    }
}
