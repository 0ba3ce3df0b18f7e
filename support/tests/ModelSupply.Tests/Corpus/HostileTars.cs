namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Tar archives that leave their folder, and checkpoints of a very old PyTorch.</summary>
internal static class HostileTars
{
    private const string Names = "names and links in archives";
    private static readonly byte[] s_text = "hello"u8.ToArray();

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All()
    {
        yield return Input(Names, "a symbolic link in a tar", new Tar().Add("link", [], '2', "/etc").End(), "member link is a link to /etc");
        yield return Input(Names, "a hard link in a tar", new Tar().Add("link", [], '1', "../../secret").End(), "is a link to ../../secret");
        yield return Input(Names, "a link and a file through it", new Tar().Add("out", [], '2', "/tmp").Add("out/evil", s_text).End(), "member out is a link to /tmp");
        yield return Input(Names, "a path upwards in a tar", new Tar().Add("../evil", s_text).End(), "a path with empty parts, . or ..");
        yield return Input(Names, "a path upwards behind ./ in a tar", new Tar().Add("./../evil", s_text).End(), "a path with empty parts, . or ..");
        yield return Input(Names, "an absolute path in a tar", new Tar().Add("/etc/passwd", s_text).End(), "an absolute path");
        yield return Input(Names, "a path upwards in a pax header", new Tar().Pax("path", "../../evil").Add("harmless", s_text).End(), "a path with empty parts, . or ..");
        yield return Input(Names, "a link in a pax header", new Tar().Pax("linkpath", "/etc").Add("harmless", s_text).End(), "the pax header at byte 0 sets linkpath");
        yield return Input(Names, "a size in a pax header", new Tar().Pax("size", "99999").Add("harmless", s_text).End(), "sets size");
        yield return Input(Names, "a path upwards in GNU's long name", new Tar().Add("././@LongLink", "../../evil\0"u8.ToArray(), 'L').Add("harmless", s_text).End(), "a path with empty parts, . or ..");
        yield return Input(Names, "GNU's long link", new Tar().Add("././@LongLink", "/etc\0"u8.ToArray(), 'K').Add("harmless", s_text).End(), "is of type 'K'");
        yield return Input(Names, "a device in a tar", new Tar().Add("null", [], '3').End(), "is of type '3'");
        yield return Input(Names, "a pipe in a tar", new Tar().Add("pipe", [], '6').End(), "is of type '6'");
        yield return Input(Names, "a sparse file in a tar", new Tar().Add("sparse", s_text, 'S').End(), "is of type 'S'");
        yield return Input(Names, "a global pax header", new Tar().Add("pax", "12 path=evil"u8.ToArray(), 'g').End(), "is of type 'g'");
        yield return Input(Names, "the same name twice in a tar", new Tar().Add("a", s_text).Add("a", HostilePickles.Payload).End(), "member a is there twice");
        yield return Input("truncated or malformed", "a tar that is cut in a member", new Tar().Add("a", s_text, size: 100_000).End(), "truncated: the member at byte 0 claims 100000 bytes");
        yield return Input("truncated or malformed", "a tar without its end", new Tar().Add("a", s_text).WithoutEnd(), "the two empty blocks at the end are missing");
        yield return Input("truncated or malformed", "something behind a tar", new Tar().Add("a", s_text).End(HostilePickles.Payload), "something follows the end of the archive");
        yield return Input("truncated or malformed", "a wrong checksum in a tar", new Tar().Add("a", s_text, badChecksum: true).End(), "has a wrong checksum");
        yield return Input("truncated or malformed", "a pax header without a length", new Tar().Add("pax", "path=evil\n"u8.ToArray(), 'x').Add("a", s_text).End(), "the pax header at byte 0 is malformed");
        yield return new("a payload in an archive", "a pickle in a tar", "model.tar", new Tar().Add("a.pkl", HostilePickles.Payload).End(), "pickle", "imports os.system", "model.tar!a.pkl");
        yield return new("a payload in an archive", "a tar called model.pt", "model.pt", new Tar().Add("weights", HostilePickles.Payload).End(), "pickle", "imports os.system", "model.pt!weights");
        yield return new("checkpoints of old PyTorch", "a checkpoint of PyTorch before 0.1.10", "model.pt", new Tar().Add("sys_info", s_text).Add("pickle", HostilePickles.Payload).Add("tensors", s_text).Add("storages", s_text).End(), "format", "before 0.1.10");
        yield return new("wrong extension", "a text called model.tar", "model.tar", s_text, "tar", "the file is no tar");
    }

    private static HostileInput Input(string @class, string name, byte[] bytes, string why) => new(@class, name, "model.tar", bytes, "tar", why);
}
