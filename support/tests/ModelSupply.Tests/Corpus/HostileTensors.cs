using static SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers.Safetensors;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Files of tensors whose headers lie: safetensors, NumPy's and GGUF.</summary>
internal static class HostileTensors
{
    private static readonly byte[] s_payload = HostilePickles.Payload;

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All() => [.. OfSafetensors(), .. OfNumpy(), .. OfGguf()];

    private static IEnumerable<HostileInput> OfSafetensors()
    {
        yield return Input("an empty file", [], "truncated");
        yield return Input("a header bomb", Of("{}", 0, 100_000_001), "the header claims 100000001 bytes; at most 100000000");
        yield return Input("a header of 2 to the 64", Of("{}", 0, ulong.MaxValue), "the header claims 18446744073709551615 bytes");
        yield return Input("a header longer than the file", Of("{}", 0, 1000), "truncated: the header claims 1000 bytes");
        yield return Input("a header that begins with a space", Of(" {}", 0), "does not begin with {");
        yield return Input("an empty header", Of("", 0), "does not begin with {");
        yield return Input("a header that is no JSON", Of("{a}", 0), "not valid JSON");
        yield return Input("two JSON documents", Of("{}{}", 0), "not valid JSON");
        yield return Input("a header that is no UTF-8", [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xff, (byte)'}'], "not UTF-8");
        yield return Input("a deep header", Of("{\"a\":" + new string('[', 100_000), 0), "not valid JSON");
        yield return Input("a tensor twice", Tensors(1, Entry("a", "U8", "[1]", "0", "1"), Entry("a", "U8", "[1]", "0", "1")), "a name twice");
        yield return Input("a tensor twice, once by an escape", Tensors(1, Entry("a", "U8", "[1]", "0", "1"), Entry(@"\u0061", "U8", "[1]", "0", "1")), "a name twice");
        yield return Input("a field twice", Tensors(1, "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,1]}"), "a name twice");
        yield return Input("a field that nobody knows", Tensors(1, "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"code\":\"x\"}"), "the unknown field code");
        yield return Input("a tensor without a shape", Tensors(1, "\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}"), "lacks dtype, shape or data_offsets");
        yield return Input("a dtype that nobody knows", Tensors(1, Entry("a", "object", "[1]", "0", "1")), "the unknown dtype object");
        yield return Input("a dtype that is a number", Tensors(1, "\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,1]}"), "a text or a number where something else belongs");
        yield return Input("a hole", Tensors(2, Entry("a", "U8", "[1]", "1", "2")), "the data from 0 to 1 belongs to no tensor");
        yield return Input("an overlap", Tensors(3, Entry("a", "U8", "[2]", "0", "2"), Entry("b", "U8", "[2]", "1", "3")), "belongs to two tensors");
        yield return Input("data that no tensor has", Of(Plain("0", "1"), 2), "the tensors take 1 bytes, the file has 2");
        yield return Input("data that is not there", Of(Plain("0", "1"), 0), "the tensors take 1 bytes, the file has 0");
        yield return Input("offsets the wrong way round", Tensors(1, Entry("a", "U8", "[1]", "1", "0")), "ends at 0 before it begins at 1");
        yield return Input("a shape that is not the size", Tensors(8, Entry("a", "F32", "[3]", "0", "8")), "has 3 numbers of 32 bits, and 8 bytes");
        yield return Input("a shape that overflows", Tensors(0, Entry("a", "U8", "[4294967296,4294967296]", "0", "0")), "overflows 64 bits");
        yield return Input("a size that overflows", Tensors(0, Entry("a", "F64", "[2305843009213693952]", "0", "0")), "overflows 64 bits");
        yield return Input("half a byte", Tensors(1, Entry("a", "F4", "[1]", "0", "1")), "has 1 numbers of 4 bits");
        yield return Input("a negative length", Tensors(0, Entry("a", "U8", "[-1]", "0", "0")), "no whole number from 0");
        yield return Input("a negative offset", Tensors(1, Entry("a", "U8", "[1]", "-1", "0")), "no whole number from 0");
        yield return Input("a length with an exponent", Tensors(1, Entry("a", "U8", "[1e0]", "0", "1")), "no whole number from 0");
        yield return Input("a shape that is no array", Tensors(1, Entry("a", "U8", "1", "0", "1")), "a shape that is no array");
        yield return Input("three offsets", Tensors(1, "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}"), "more than two data_offsets");
        yield return Input("a tensor that is a number", Of("{\"a\":1}", 0), "tensor a is not an object");
        yield return Input("metadata that is no text", Of("{\"__metadata__\":{\"a\":1}}", 0), "__metadata__ holds something other than text");
        yield return Input("metadata that is an array", Of("{\"__metadata__\":[]}", 0), "__metadata__ is not an object");
        yield return Input("NaN in the header", Of("{\"a\":NaN}", 0), "not valid JSON");
    }

    private static IEnumerable<HostileInput> OfNumpy()
    {
        HostileInput Npy(string name, byte[] bytes, string why, string what = "npy") => new("headers of arrays that lie", name, "data.npy", bytes, what, why);
        string Header(string descr, string shape) => Writers.Npy.Header(descr, shape);
        yield return Npy("an array of objects with a payload", Writers.Npy.Of(Header("'|O'", "(1,)"), s_payload), "the array has objects, so it is a pickle: STACK_GLOBAL", "pickle");
        yield return Npy("a structure with an object", Writers.Npy.Of(Header("[('a', '<f4'), ('b', '|O')]", "(1,)"), s_payload), "the array has objects, so it is a pickle", "pickle");
        yield return Npy("an array of objects and something behind its pickle", Writers.Npy.Of(Header("'|O'", "(1,)"), [.. Pickle.Protocol(4).Text("]").Stop(), .. s_payload]), "bytes follow the STOP", "pickle");
        yield return Npy("objects by another name", Writers.Npy.Of(Header("'object'", "(1,)"), s_payload), "the unknown type 'object'");
        yield return Npy("objects in a list of types", Writers.Npy.Of(Header("'f4,O'", "(1,)"), s_payload), "the unknown type 'f4,O'");
        yield return Npy("a header that is code", Writers.Npy.Of("{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (1,), }", []), "the header is not the one that NumPy writes");
        yield return Npy("a structure that is not understood", Writers.Npy.Of(Header("[('a', [('b', '|O')])]", "(1,)"), s_payload), "a type of fields that is not understood");
        yield return Npy("more numbers than there are", Writers.Npy.Of(Header("'<f8'", "(1000000, 1000000)"), new byte[8]), "the array takes 8000000000000 bytes, and 8 are there");
        yield return Npy("fewer numbers than there are", Writers.Npy.Of(Header("'<f8'", "(1,)"), new byte[16]), "the array takes 8 bytes, and 16 are there");
        yield return Npy("a shape that overflows", Writers.Npy.Of(Header("'<f8'", "(9223372036854775807, 9)"), []), "the array's shape overflows");
        yield return Npy("a shape that is none", Writers.Npy.Of(Header("'<f8'", "(1 1)"), []), "the array's shape is none");
        yield return Npy("a header longer than the file", Writers.Npy.Of(Header("'<f8'", "()"), [], length: 60_000), "truncated: the header claims 60000 bytes");
        yield return Npy("a header of 1 GB", Writers.Npy.Of(Header("'<f8'", "()"), [], version: 2, length: 1 << 30), "at most 65536 are allowed");
        yield return Npy("version 9", Writers.Npy.Of(Header("'<f8'", "()"), new byte[8], version: 9), "version 9 is unknown");
        yield return Npy("only the magic", [0x93, .. "NUMPY"u8], "truncated in its header");
        yield return Npy("keys in another order", Writers.Npy.Of("{'shape': (1,), 'descr': '|O', 'fortran_order': False, }", s_payload), "the header is not the one that NumPy writes");
        yield return Npy("a key twice", Writers.Npy.Of("{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (1,), }", s_payload), "the header is not the one that NumPy writes");
    }

    private static IEnumerable<HostileInput> OfGguf()
    {
        HostileInput Gguf(string name, byte[] bytes, string why, string what = "gguf") => new("headers of GGUF files that lie", name, "model.gguf", bytes, what, why);
        Gguf New() => new();
        yield return Gguf("version 1", New().End(0, version: 1), "version 1 is not supported");
        yield return Gguf("2 to the 60 values", New().End(0, values: 1UL << 60), "claims 0 tensors and 1152921504606846976 values");
        yield return Gguf("2 to the 60 tensors", New().End(0, tensors: 1UL << 60), "claims 1152921504606846976 tensors");
        yield return Gguf("more values than there are", New().End(0, values: 5), "truncated at byte");
        yield return Gguf("a text of 2 to the 64 bytes", New().Value("a", 8, BitConverter.GetBytes(ulong.MaxValue)).End(0), "truncated at byte");
        yield return Gguf("a key of 1 MB", New().Text(new string('a', 1_000_000), "b").End(0), "a text claims 1000000 bytes");
        yield return Gguf("a value of an unknown type", New().Value("a", 99, []).End(0), "a value has the unknown type 99");
        yield return Gguf("an array of 2 to the 62 values", New().Value("a", 9, [.. BitConverter.GetBytes(4u), .. BitConverter.GetBytes(1UL << 62)]).End(0), "an array claims 4611686018427387904 values");
        yield return Gguf("arrays in arrays", New().Value("a", 9, [.. Enumerable.Repeat<byte[]>([9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 1000).SelectMany(a => a)]).End(0), "arrays lie deeper than 4");
        yield return Gguf("a key twice", New().Text("a", "b").Text("a", "c").End(0), "the key a is there twice");
        yield return Gguf("a tensor twice", New().Tensor("a", 0, [1], 0).Tensor("a", 0, [1], 32).End(64), "the tensor a is there twice");
        yield return Gguf("a shape that overflows", New().Tensor("a", 0, [1UL << 40, 1UL << 40], 0).End(0), "has a shape that overflows");
        yield return Gguf("5 dimensions", New().Tensor("a", 0, [1, 1, 1, 1, 1], 0).End(32), "has 5 dimensions");
        yield return Gguf("an unknown tensor type", New().Tensor("a", 4, [32], 0).End(32), "has the unknown type 4");
        yield return Gguf("half a block", New().Tensor("a", 2, [33], 0).End(64), "are no whole blocks of 32");
        yield return Gguf("tensors that overlap", New().Tensor("a", 0, [8], 0).Tensor("b", 0, [8], 0).End(64), "begins at 0 of the data, and the one before it ends at 32");
        yield return Gguf("a tensor outside the file", New().Tensor("a", 0, [8], 1UL << 50).End(32), "begins at 1125899906842624 of the data");
        yield return Gguf("a tensor larger than the file", New().Tensor("a", 0, [1UL << 30], 0).End(32), "truncated: tensor a takes");
        yield return Gguf("a tensor that is cut", New().Tensor("a", 0, [64], 0).End(200), "truncated: the tensors take 256 bytes, and 200 are there");
        yield return Gguf("a pickle behind the tensors", [.. Writers.Gguf.Plain(), .. s_payload], "bytes follow the last tensor");
        yield return Gguf("an alignment of 0", New().Value("general.alignment", 4, BitConverter.GetBytes(0u)).End(0), "the alignment 0 is no power of two");
        yield return Gguf("an alignment of 2 to the 31", New().Value("general.alignment", 4, BitConverter.GetBytes(1u << 31)).End(0), "is no power of two up to");
        yield return Gguf("a chat template that is no text", New().Value("tokenizer.chat_template", 4, BitConverter.GetBytes(1u)).End(0), "the chat template at byte 24 is no text");
        yield return Gguf("a chat template that reaches for Python's objects", New().Text("tokenizer.chat_template", "{{ ().__class__.__base__.__subclasses__() }}").End(0), "chat template tokenizer.chat_template has '__'", "template");
        yield return Gguf("a second chat template that does", New().Text("tokenizer.chat_template", "{{ a }}").Text("tokenizer.chat_template.tools", "{{ a|attr('x') }}").End(0), "chat template tokenizer.chat_template.tools has '|attr'", "template");
        yield return Gguf("only the magic", "GGUF"u8.ToArray(), "truncated at byte 4");
    }

    private static HostileInput Input(string name, byte[] bytes, string why) => new("headers of safetensors files that lie", name, "model.safetensors", bytes, "safetensors", why);

    private static byte[] Tensors(int data, params string[] entries) => Of($"{{{string.Join(',', entries)}}}", data);

    private static string Plain(string begin, string end) => $"{{{Entry("a", "U8", "[1]", begin, end)}}}";
}
