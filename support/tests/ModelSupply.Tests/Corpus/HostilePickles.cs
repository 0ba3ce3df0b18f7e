namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Pickles that abuse what is allowed, that cannot be followed, that hide from whoever stops early, or that are broken.</summary>
internal static class HostilePickles
{
    private static readonly byte[] s_harmless = Pickle.Protocol(4).Text("}").Stop();

    /// <summary>A pickle that runs a command.</summary>
    public static readonly byte[] Payload = Pickle.Protocol(4).StackGlobal("os", "system").Call("id").Stop();

    /// <summary>The same in protocol 0, which begins with no magic.</summary>
    public static readonly byte[] TextPayload = new Pickle().Text("cos\nsystem\n(S'id'\ntR.").Bytes;

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All() => [.. Abuses(), .. Unresolvable(), .. EarlyEnds(), .. Nested(), .. Memo(), .. Broken(), .. Extensions(), .. Checkpoints()];

    private static IEnumerable<HostileInput> Abuses()
    {
        const string Class = "abuse of what is allowed";
        yield return Input(Class, "_codecs.encode by another codec", Pickle.Protocol(2).Global("_codecs", "encode").Unicode("a").Unicode("zip").Raw(0x86).Text("R."), "with an encoding that is not latin1");
        yield return Input(Class, "_codecs.encode with arguments from elsewhere", Pickle.Protocol(2).Unicode("a").Unicode("latin1").Raw(0x86).BinPut(0).Text("0").Global("_codecs", "encode").BinGet(0).Text("R."), "with an encoding that is not latin1");
        yield return Input(Class, "a type that may only be named is called", Pickle.Protocol(2).Global("numpy", "ndarray").Int(1 << 30).Raw(0x85).Text("R."), "calls numpy.ndarray, which may only be named");
        yield return Input(Class, "a dtype of PyTorch is called", Pickle.Protocol(2).Global("torch", "float32").Text(")R."), "calls torch.float32, which may only be named");
        yield return Input(Class, "the result of a call is called", Pickle.Protocol(2).Global("collections", "OrderedDict").Text(")R)R."), "calls collections.OrderedDict, which was not imported by name");
        yield return Input(Class, "a text is called", Pickle.Protocol(2).Short("os.system").Text(")R."), "calls something that is data");
        yield return Input(Class, "a class is given a state", Pickle.Protocol(2).Global("collections", "OrderedDict").Text("}").Short("__init__").Text("Nsb."), "gives a state to collections.OrderedDict");
        yield return Input(Class, "a class is given an item", Pickle.Protocol(2).Global("collections", "OrderedDict").Short("a").Text("Ns."), "changes collections.OrderedDict, which was imported");
        yield return Input(Class, "a class is given items", Pickle.Protocol(2).Global("torch", "Size").Text("(NNu."), "changes torch.Size, which was imported");
        yield return Input(Class, "a class is appended to", Pickle.Protocol(2).Global("torch", "Size").Text("Na."), "changes torch.Size");
        yield return Input(Class, "a set is given a state", Pickle.Protocol(2).Global("builtins", "set").Text("]").Raw(0x85).Text("R}b."), "gives a state to builtins.set");
        yield return Input(Class, "plain data is given a state", Pickle.Protocol(2).Text("]}b."), "gives a state to something");
        yield return Input(Class, "NEWOBJ of data", Pickle.Protocol(2).Text("N)").Raw(0x81).Text("."), "calls something that is data");
        yield return Input(Class, "OBJ of data", Pickle.Protocol(0).Text("(NNo."), "calls something that is data");
        yield return Input(Class, "what a harmless call was given is called", Pickle.Protocol(2).Global("collections", "OrderedDict").Text("0").Short("os.system").Text(")R."), "calls the text 'os.system', which was not imported by name");
    }

    private static IEnumerable<HostileInput> Unresolvable()
    {
        const string Class = "memo confusion and names that cannot be resolved";
        const string Why = "whose name cannot be resolved";
        yield return Input(Class, "a name by escapes in STRING", Pickle.Protocol(4).Text(@"S'o\x73'" + "\n").Short("system").Raw(0x93).Text(")R."), Why);
        yield return Input(Class, "a name by escapes in UNICODE", Pickle.Protocol(4).Text(@"Vo\u0073" + "\n").Short("system").Raw(0x93).Text(")R."), Why);
        yield return Input(Class, "a name that a call returns", Pickle.Protocol(4).Short("os").Global("_codecs", "encode").Unicode("system").Unicode("latin1").Raw(0x86).Text("R").Raw(0x93).Text("."), Why);
        yield return Input(Class, "a name that is bytes", Pickle.Protocol(4).Raw((byte)'C', 2).Text("os").Short("system").Raw(0x93).Text("."), Why);
        yield return Input(Class, "a name that is a number", Pickle.Protocol(4).Short("os").Text("K\u0001").Raw(0x93).Text("."), Why);
        yield return Input(Class, "a module that is a list", Pickle.Protocol(4).Text("]").Short("system").Raw(0x93).Text("."), Why);
        yield return Input(Class, "a name that crosses the end of its frame", Pickle.Protocol(4).Frame(f => f.Text("cbuiltins\nfr")).Text("ozenset\n)R."), "GLOBAL at byte 11: crosses the end of its frame");
        yield return Input(Class, "a text that crosses the end of its frame", Pickle.Protocol(4).Frame(f => f.Raw(0x8c, 9)).Text("frozenset0N."), "crosses the end of its frame");
        yield return Input(Class, "a frame in a frame", Pickle.Protocol(4).Raw(0x95, 12, 0, 0, 0, 0, 0, 0, 0).Raw(0x95, 4, 0, 0, 0, 0, 0, 0, 0).Text("NNNNNNN."), "FRAME at byte 11: begins inside another frame");
        yield return Input(Class, "EXT1", Pickle.Protocol(2).Raw(0x82, 1).Text(")R."), "extension registry");
        yield return Input(Class, "EXT2", Pickle.Protocol(2).Raw(0x83, 1, 0).Text(")R."), "extension registry");
        yield return Input(Class, "EXT4", Pickle.Protocol(2).Raw(0x84, 1, 0, 0, 0).Text(")R."), "extension registry");
        yield return Input(Class, "PERSID", new Pickle().Text("Pos.system\n."), "names a persistent object");
        yield return Input(Class, "BINPERSID", Pickle.Protocol(2).Short("os.system").Text("Q."), "names a persistent object");
        yield return Input(Class, "NEXT_BUFFER", Pickle.Protocol(5).Raw(0x97).Text("."), "wants a buffer from outside the file");
        yield return Input(Class, "READONLY_BUFFER", Pickle.Protocol(5).Text("N").Raw(0x98).Text("."), "wants a buffer from outside the file");
    }

    private static IEnumerable<HostileInput> EarlyEnds()
    {
        const string Class = "a parse error that ends the scan early";
        var payload = Pickle.Protocol(4).StackGlobal("os", "system").Call("id");
        yield return Input(Class, "no STOP behind the payload", payload.Bytes, "imports os.system");
        yield return Input(Class, "an unknown opcode behind the payload", [.. payload.Bytes, 0xff], "imports os.system");
        yield return Input(Class, "a broken number behind the payload", [.. payload.Bytes, .. "Ix\n."u8], "imports os.system");
        yield return Input(Class, "an opcode that is none before the payload", Pickle.Protocol(4).Raw(0xff).StackGlobal("os", "system").Call("id").Stop(), "0xff at byte 2: is not an opcode");
        yield return Input(Class, "a text that is no UTF-8 before the payload", Pickle.Protocol(4).Raw(0x8c, 1, 0xff).Text("0").StackGlobal("os", "system").Call("id").Stop(), "imports os.system");
        yield return Input(Class, "a POP too many before the payload", Pickle.Protocol(4).Text("0").StackGlobal("os", "system").Call("id").Stop(), "POP at byte 2");
        yield return Input(Class, "a second pickle behind the STOP", [.. s_harmless, .. Payload], "bytes follow the STOP at byte 3");
        yield return Input(Class, "a line behind the STOP", [.. s_harmless, (byte)'\n'], "1 bytes follow the STOP at byte 3");
    }

    private static IEnumerable<HostileInput> Nested()
    {
        const string Class = "nested pickles";
        const string Why = "holds a pickle inside the pickle";
        yield return Input(Class, "in BINBYTES", Pickle.Protocol(4).Binary(Payload).Stop(), $"BINBYTES at byte 2: {Why}");
        yield return Input(Class, "in SHORT_BINBYTES", Pickle.Protocol(4).Raw([(byte)'C', (byte)Payload.Length, .. Payload]).Stop(), Why);
        yield return Input(Class, "in BINBYTES8", Pickle.Protocol(4).Binary8(Payload).Stop(), Why);
        yield return Input(Class, "in BYTEARRAY8", Pickle.Protocol(5).Binary8(Payload, 0x96).Stop(), Why);
        yield return Input(Class, "of protocol 0 in bytes", Pickle.Protocol(4).Binary(TextPayload).Stop(), Why);
        yield return Input(Class, "of protocol 0 in a text", Pickle.Protocol(4).Unicode(Encoding.ASCII.GetString(TextPayload)).Stop(), Why);
        yield return Input(Class, "with junk behind it", Pickle.Protocol(4).Binary([.. Payload, 0, 1, 2]).Stop(), Why);
        yield return Input(Class, "that ends in an error", Pickle.Protocol(4).Binary(Pickle.Protocol(4).StackGlobal("os", "system").Call("id").Text("}b.").Bytes).Stop(), Why);
        yield return Input(Class, "that imports nothing", Pickle.Protocol(4).Binary(s_harmless).Stop(), Why);
    }

    private static IEnumerable<HostileInput> Memo()
    {
        const string Class = "memo confusion and names that cannot be resolved";
        yield return Input(Class, "a place in the memo that takes 16 GB", Pickle.Protocol(2).Text("Nr").Raw(0xff, 0xff, 0xff, 0x7f).Text("."), "which no pickler does");
        yield return Input(Class, "a place in the memo above 31 bits", Pickle.Protocol(2).Text("Nr").Raw(0xff, 0xff, 0xff, 0xff).Text("."), "which no pickler does");
        yield return Input(Class, "a place in the memo with an underscore", new Pickle().Text("Np1_0\n."), "that is no plain number");
        yield return Input(Class, "a negative place in the memo", new Pickle().Text("Np-1\n."), "that is no plain number");
        yield return Input(Class, "a place in the memo that is empty", Pickle.Protocol(2).BinGet(3).Text("."), "place 3 of the memo is empty");
        yield return Input(Class, "a place in the memo of 30 digits", new Pickle().Text("Ng" + new string('0', 30) + "\n."), "that is no plain number");
    }

    private static IEnumerable<HostileInput> Broken()
    {
        const string Class = "truncated or malformed";
        yield return Input(Class, "nothing", [], "the pickle ends without STOP");
        yield return Input(Class, "no STOP", Pickle.Protocol(4).Text("}").Bytes, "ends without STOP");
        yield return Input(Class, "STOP with an empty stack", Pickle.Protocol(4).Stop(), "STOP at byte 2: the stack is empty");
        yield return Input(Class, "protocol 6", Pickle.Protocol(6).Text("N").Stop(), "protocol 6 is unknown");
        yield return Input(Class, "a text longer than the file", Pickle.Protocol(2).Text("X").Raw(0xff, 0xff, 0xff, 0x7f).Text("a."), "claims 2147483647 bytes, and 2 are left");
        yield return Input(Class, "bytes of 2 to the 63", Pickle.Protocol(4).Raw(0x8e, 0, 0, 0, 0, 0, 0, 0, 0x80).Text("."), "claims 9223372036854775808 bytes");
        yield return Input(Class, "a negative length", Pickle.Protocol(2).Text("T").Raw(0xff, 0xff, 0xff, 0xff).Text("."), "claims a negative length");
        yield return Input(Class, "a negative long", Pickle.Protocol(2).Raw(0x8b, 0xff, 0xff, 0xff, 0xff).Text("."), "claims a negative length");
        yield return Input(Class, "a frame longer than the file", Pickle.Protocol(4).Raw(0x95, 0xff, 0, 0, 0, 0, 0, 0, 0).Text("N."), "the frame is longer than the file");
        yield return Input(Class, "no mark", Pickle.Protocol(2).Text("t."), "TUPLE at byte 2: there is no mark");
        yield return Input(Class, "a value below the mark is taken", Pickle.Protocol(2).Text("N(\u0085."), "the stack is empty");
        yield return Input(Class, "a key without a value", Pickle.Protocol(2).Text("}(Nu."), "has a key without a value");
        yield return Input(Class, "a line without an end", new Pickle().Text("cos"), "GLOBAL at byte 0: the pickle is truncated here");
        yield return Input(Class, "a text without quotes", new Pickle().Text("Sid\n."), "the text has no quotes");
        yield return Input(Class, "OBJ without a class", new Pickle().Text("(o."), "there is no class above the mark");
        yield return Input(Class, "weights with the name of a pickle", new byte[1000], "0x00 at byte 0: is not an opcode");
    }

    private static IEnumerable<HostileInput> Extensions()
    {
        const string Class = "wrong extension";
        foreach (var name in new[] { "model.bin", "weights", "vocab.txt", "tokenizer.model", "model.PKL", "README.md", "model.onnx", "model.data" })
        {
            yield return new(Class, $"a pickle called {name}", name, Payload, "pickle", "imports os.system");
            yield return new(Class, $"a pickle of protocol 0 called {name}", name, TextPayload, "pickle", "imports os.system");
        }
        yield return new(Class, "a pickle of protocol 0 that ends in an error, in a text", "notes.txt", [.. TextPayload[..^1], 0xff], "pickle", "imports os.system");
        yield return new(Class, "a pickle of protocol 0 behind another one, in a text", "notes.txt", [.. "N."u8, .. TextPayload], "pickle", "imports os.system");
        yield return new(Class, "a change of what was imported, in a text", "notes.txt", "cos\nenviron\nS'PATH'\nS'/tmp'\ns\u00ff"u8.ToArray(), "pickle", "imports os.environ");
        yield return new(Class, "a pickle behind a place in the memo that no pickler writes, in a text", "notes.txt", [.. "Np9999\n"u8, .. TextPayload], "pickle", "which no pickler does");
        yield return new(Class, "a name that crosses the end of its frame, in a text", "notes.txt", new Pickle().Frame(f => f.Text("cx(")).Text("cos\nsystem\n)R.").Bytes, "pickle", "imports something without a name");
        yield return new(Class, "a pickle behind a state for plain data, in a text", "notes.txt", [.. "]}b"u8, .. TextPayload], "pickle", "gives a state to something");
        yield return new(Class, "a pickle called config.json", "config.json", Payload, "pickle", "imports os.system");
        yield return new(Class, "a pickle of protocol 0 called config.json", "config.json", TextPayload, "json", "not valid JSON");
        yield return new(Class, "a pickle called model.gguf", "model.gguf", TextPayload, "gguf", "the file is no gguf");
        yield return new(Class, "a pickle called model.npy", "model.npy", TextPayload, "npy", "the file is no npy");
        yield return new(Class, "a pickle called model.npz", "model.npz", TextPayload, "npz", "the file is no npz");
        yield return new(Class, "a pickle called model.safetensors", "model.safetensors", Payload, "safetensors", "the header claims");
        yield return new(Class, "a zip archive called model.bin", "model.bin", Zip.Torch(Payload), "pickle", "imports os.system", "model.bin!model/data.pkl");
        yield return new(Class, "a zip archive called notes.txt", "notes.txt", Zip.Of(new ZipItem("data.pkl", Payload)), "pickle", "imports os.system", "notes.txt!data.pkl");
    }

    private static IEnumerable<HostileInput> Checkpoints()
    {
        const string Class = "checkpoints of old PyTorch";
        yield return new(Class, "a payload in the fourth pickle", "model.pt", Checkpoint.Of(Payload, [], 0), "pickle", "pickle 4 of a PyTorch checkpoint: STACK_GLOBAL");
        yield return new(Class, "a payload in the fifth pickle", "model.pt", Checkpoint.Of(s_harmless, Payload, 0), "pickle", "pickle 5 of a PyTorch checkpoint: STACK_GLOBAL");
        yield return new(Class, "a storage that is cut", "model.pt", Checkpoint.Of(Checkpoint.State, Checkpoint.Keys, 7), "pickle", "truncated in storage 0");
        yield return new(Class, "a pickle behind the storages", "model.pt", [.. Checkpoint.Of(Checkpoint.State, Checkpoint.Keys, 8), .. Payload], "pickle", "bytes follow the last storage");
        yield return new(Class, "a persistent object that is no storage", "model.pt", Checkpoint.Of(Pickle.Protocol(2).Text("(").Unicode("module").Text("NNNNtQ.").Bytes, [], 0), "pickle", "not one of PyTorch's storages");
        yield return new(Class, "a storage whose type is no storage", "model.pt", Checkpoint.Of(Pickle.Protocol(2).Text("(").Unicode("storage").Global("torch", "Size").Text("NNNtQ.").Bytes, [], 0), "pickle", "not one of PyTorch's storages");
    }

    private static HostileInput Input(string @class, string name, Pickle pickle, string why) => Input(@class, name, pickle.Bytes, why);

    private static HostileInput Input(string @class, string name, byte[] bytes, string why) => new(@class, name, "model.pkl", bytes, "pickle", why);
}
