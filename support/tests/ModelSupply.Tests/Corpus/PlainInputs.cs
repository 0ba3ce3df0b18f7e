namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>What models really have, and near misses of the hostile inputs: all of it may be loaded.</summary>
internal static class PlainInputs
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlainInput> All { get; } = [.. Pickles(), .. Archives(), .. Tensors(), .. Documents()];

    private static IEnumerable<PlainInput> Pickles()
    {
        yield return new("a state dict of PyTorch", "model.bin", Zip.Torch(Checkpoint.State));
        yield return new("a state dict of an old PyTorch", "model.pth", Checkpoint.Of(Checkpoint.State, Checkpoint.Keys, 8));
        yield return new("plain containers of protocol 0", "a.pkl", new Pickle().Text("(dp0\nS'a'\np1\n(lp2\nI1\naL2L\naF1.5\naVtext\np3\naNas.").Bytes);
        yield return new("plain containers of protocol 4", "a.pkl", Pickle.Protocol(4).Frame(f => f.Text("}").Memoize().Text("(").Short("a").Memoize().Text("]").Memoize().Text("(K\u0001K\u0002e").Short("b").Memoize().Raw(0x8f).Memoize().Text("(").Short("c").Memoize().Raw(0x90).Text("u.")).Bytes);
        yield return new("a set of protocol 2", "a.pkl", Pickle.Protocol(2).Global("__builtin__", "set").BinPut(0).Text("]").BinPut(1).Text("K\u0001a").Raw(0x85).BinPut(2).Text("R").BinPut(3).Stop());
        yield return new("bytes of protocol 2", "a.pkl", Pickle.Protocol(2).Global("_codecs", "encode").BinPut(0).Unicode("\u00ff").BinPut(1).Unicode("latin1").BinPut(2).Raw(0x86).BinPut(3).Text("R").BinPut(4).Stop());
        yield return new("the same bytes twice, from the memo", "a.pkl", Pickle.Protocol(2).Text("]").BinPut(9).Global("_codecs", "encode").BinPut(0).Unicode("\u00ff").BinPut(1).Unicode("latin1").BinPut(2).Raw(0x86).BinPut(3).Text("Ra").BinGet(0).BinGet(1).BinGet(2).Raw(0x86).BinPut(4).Text("Ra").Stop());
        yield return new("a number of NumPy", "a.pkl", Pickle.Protocol(4).StackGlobal("numpy._core.multiarray", "scalar").Memoize().StackGlobal("numpy", "dtype").Memoize().Short("f8").Memoize().Raw(0x89, 0x88, 0x87).Memoize().Text("R").Memoize().Text("(K\u0003").Short("<").Memoize().Text("NNNJ").Raw(0xff, 0xff, 0xff, 0xff).Text("J").Raw(0xff, 0xff, 0xff, 0xff).Text("K\u0000t").Memoize().Text("bC\u0008").Raw(0, 0, 0, 0, 0, 0, 0, 0).Memoize().Raw(0x86).Memoize().Text("R").Memoize().Stop());
        yield return new("the names of what is dangerous, as texts", "a.pkl", Pickle.Protocol(4).Text("](").Short("os").Short("system").Short("__reduce__").Short("eval").Text("e").Stop());
        yield return new("a text that could be a pickle's beginning", "a.pkl", Pickle.Protocol(4).Text("](").Short("cat\ndog\n").Short("cos\nsystem\n").Unicode(".").Short("(lp0\n").Text("e").Stop());
        yield return new("bytes that begin like a pickle", "a.pkl", Pickle.Protocol(4).Binary([0x80, 4, 0, 0, 0, 0]).Stop());
        yield return new("a sparse memo", "a.pkl", Pickle.Protocol(2).Text("]").BinPut(1).Text("N").BinPut(3).Text("a").Stop());
        yield return new("a weight file that is no pickle", "model.bin", [0, 0, 128, 63, 1, 2, 3, 4]);
        yield return new("weights that begin with GLOBAL's letter", "weights.bin", [(byte)'c', 0xf1, 10, 0x80, 10, 1, 2, 3]);
        yield return new("a text that begins with an opcode", "README.md", "compute\nmodels\nare fun (t R."u8.ToArray());
        yield return new("a list of words", "vocab.txt", "cat\ndog\nhorse\n(int\nR\n"u8.ToArray());
        yield return new("a text with a full stop after its first letter", "NOTES", "N.B. this is a text"u8.ToArray());
        yield return new("a file without a byte", "placeholder", []);
    }

    private static IEnumerable<PlainInput> Archives()
    {
        yield return new("a zip with folders", "data.zip", Zip.Of(new ZipItem("a/", []), new ZipItem("a/b.txt", "hello"u8.ToArray())));
        yield return new("an empty zip member with a descriptor's flag and none", "data.zip", Zip.Of(new ZipItem("a.txt", "a"u8.ToArray()) { Flags = 8 }));
        yield return new("a zip64 archive", "data.zip", Zip.Write([new("a.txt", "hello"u8.ToArray())], zip64: true));
        yield return new("an archive of arrays", "data.npz", Zip.Of(new ZipItem("a.npy", Npy.Of(Npy.Header("'<f4'", "(2,)"), new byte[8]))));
        yield return new("a packed archive of arrays", "data.npz", Zip.Of(new ZipItem("a.npy", Npy.Of(Npy.Header("'<f4'", "(2,)"), new byte[8])) { Deflate = true }));
        yield return new("random numbers where PyTorch has numbers", "model.pt", Zip.Torch(Checkpoint.State, Zip.TorchItem("model/data/1", HostilePickles.Payload)));
        yield return new("a tar with ./ before its names", "data.tar", new Tar().Add("./", [], '5').Add("./a.txt", "hello"u8.ToArray()).End());
        yield return new("a tar with a long name", "data.tar", new Tar().Pax("path", "b/" + new string('a', 200)).Add("short", "hello"u8.ToArray()).End());
        yield return new("a tar padded to its blocks", "data.tar", new Tar().Add("a.txt", "hello"u8.ToArray()).End(new byte[8192]));
        yield return new("a name with two dots in it", "data.zip", Zip.Of(new ZipItem("a..b/..c", "x"u8.ToArray())));
    }

    private static IEnumerable<PlainInput> Tensors()
    {
        yield return new("a safetensors file", "model.safetensors", Safetensors.Plain());
        yield return new("a safetensors file without tensors", "model.safetensors", Safetensors.Of("{}", 0));
        yield return new("a safetensors header padded with spaces", "model.safetensors", Safetensors.Of("{}      ", 0));
        yield return new("an empty tensor", "model.safetensors", Safetensors.Of($"{{{Safetensors.Entry("a", "F32", "[0,5]", "0", "0")},{Safetensors.Entry("b", "F64", "[]", "0", "8")}}}", 8));
        yield return new("tensors in another order than their data", "model.safetensors", Safetensors.Of($"{{{Safetensors.Entry("b", "U8", "[1]", "1", "2")},{Safetensors.Entry("a", "U8", "[1]", "0", "1")}}}", 2));
        yield return new("four-bit numbers", "model.safetensors", Safetensors.Of($"{{{Safetensors.Entry("a", "F4", "[3,2]", "0", "3")}}}", 3));
        yield return new("an array", "data.npy", Npy.Of(Npy.Header("'<f8'", "(2, 3)"), new byte[48]));
        yield return new("a number as an array", "data.npy", Npy.Of(Npy.Header("'<i8'", "()"), new byte[8]));
        yield return new("an empty array", "data.npy", Npy.Of(Npy.Header("'<U10'", "(0,)"), []));
        yield return new("a structure", "data.npy", Npy.Of(Npy.Header("[('a', '<f4'), ('b', '<i2', (3,))]", "(2,)"), new byte[20]));
        yield return new("an array of plain objects", "data.npy", Npy.Of(Npy.Header("'|O'", "(1,)"), Pickle.Protocol(4).Text("]").Stop()));
        yield return new("a GGUF file", "model.gguf", Gguf.Plain());
        yield return new("a GGUF file whose last tensor is not padded", "model.gguf", new Gguf().Tensor("a", 0, [3], 0).End(12));
        yield return new("a GGUF file with arrays", "model.gguf", new Gguf().Value("a", 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes(2UL), .. Gguf.Sized("x"), .. Gguf.Sized("y")]).End(0));
    }

    private static IEnumerable<PlainInput> Documents()
    {
        yield return new("a configuration", "config.json", """{"architectures":["LlamaForCausalLM"],"a":{"x":1},"b":{"x":2}}"""u8.ToArray());
        yield return new("auto_map of a listed file", "config.json", """{"auto_map":{"AutoModel":"listed.Model","AutoTokenizer":["listed.Slow",null]}}"""u8.ToArray());
        yield return new("custom pipelines of a listed file", "config.json", """{"custom_pipelines":{"p":{"impl":"listed.P","pt":["AutoModelForX"],"tf":[]}}}"""u8.ToArray());
        yield return new("a listed Python file", "listed.py", "class Model: pass"u8.ToArray());
        yield return new("an index of shards", "model.safetensors.index.json", """{"metadata":{"total_size":1},"weight_map":{"a":"model-00001-of-00002.safetensors"}}"""u8.ToArray());
        yield return new("a chat template", "tokenizer_config.json", """{"chat_template":"{% for message in messages %}{{ message['role'] + ': ' + message.content | trim }}{% endfor %}{{ raise_exception('no') if not x }}"}"""u8.ToArray());
        yield return new("a chat template of its own", "chat_template.jinja", "{%- macro m(x) %}{{ x | tojson }}{% endmacro %}{% set ns = namespace(a=1) %}{{ m(ns.a) }}"u8.ToArray());
        yield return new("a vocabulary with odd names", "vocab.json", """{"__":1,"auto":2,"\ud83d\ude00":3,"":4}"""u8.ToArray());
    }
}
