namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Code, documents that make a loader run code, and what nothing here can look into.</summary>
internal static class HostileDocuments
{
    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All() => [.. Code(), .. Documents(), .. Templates(), .. Closed()];

    private static IEnumerable<HostileInput> Code()
    {
        const string Class = "remote code";
        yield return new(Class, "Python code that is not listed", "modeling_x.py", "import os"u8.ToArray(), "code", "not on the list of allowed code");
        yield return new(Class, "Python code in another folder than the listed one", "sub/listed.py", "import os"u8.ToArray(), "code", "not on the list of allowed code");
        yield return new(Class, "compiled Python code", "listed.pyc", [0xcb, 0x0d, 0x0d, 0x0a], "code", "compiled code");
        yield return new(Class, "a library", "kernel.so", [0x7f, .. "ELF"u8], "code", "compiled code");
        yield return new(Class, "a library of another name", "kernel", [0x7f, .. "ELF"u8, 2], "format", "native code");
        yield return Json(Class, "auto_map", """{"auto_map":{"AutoModel":"modeling_x.Model"}}""", "code", "auto_map names modeling_x.Model, and modeling_x.py is not on the list");
        yield return Json(Class, "auto_map with a list", """{"auto_map":{"AutoTokenizer":["tokenization_x.Slow",null]}}""", "code", "auto_map names tokenization_x.Slow");
        yield return Json(Class, "auto_map that is a text", """{"auto_map":"modeling_x.Model"}""", "code", "auto_map names modeling_x.Model");
        yield return Json(Class, "auto_map by an escape", """{"auto\u005fmap":{"AutoModel":"modeling_x.Model"}}""", "code", "auto_map names modeling_x.Model");
        yield return Json(Class, "auto_map deep inside", """{"a":[{"b":{"auto_map":{"AutoModel":"modeling_x.Model"}}}]}""", "code", "auto_map names modeling_x.Model");
        yield return Json(Class, "auto_map of another repository", """{"auto_map":{"AutoModel":"evil/repo--listed.Model"}}""", "code", "code of another repository");
        yield return Json(Class, "auto_map twice", """{"auto_map":{},"auto_map":{"AutoModel":"modeling_x.Model"}}""", "json", "a name twice");
        yield return Json(Class, "custom pipelines", """{"custom_pipelines":{"p":{"impl":"pipe.Pipeline","pt":["AutoModel"]}}}""", "code", "auto_map names pipe.Pipeline");
    }

    private static IEnumerable<HostileInput> Documents()
    {
        const string Class = "documents that parsers read differently";
        yield return Json(Class, "JSON with a comment", """{/*"*/"auto_map":1/*"*/}""", "json", "not valid JSON");
        yield return Json(Class, "JSON with NaN", """{"a":NaN,"auto_map":{"AutoModel":"modeling_x.Model"}}""", "json", "not valid JSON");
        yield return Json(Class, "JSON with a comma too many", """{"a":1,}""", "json", "not valid JSON");
        yield return Json(Class, "JSON of great depth", new string('[', 200_000), "json", "not valid JSON");
        yield return Json(Class, "JSON that is cut", """{"a":""", "json", "not valid JSON");
        yield return Json(Class, "an empty JSON", "", "json", "not valid JSON");
        yield return new(Class, "JSON that is no UTF-8", "config.json", [(byte)'"', 0xff, (byte)'"'], "json", "not UTF-8");
        yield return new(Class, "JSON behind a byte order mark", "config.json", [0xef, 0xbb, 0xbf, .. "{}"u8], "json", "not valid JSON");
        yield return new(Class, "a shard outside the model", "model.safetensors.index.json", """{"weight_map":{"a":"../../other/model.safetensors"}}"""u8.ToArray(), "json", "the shard ../../other/model.safetensors has a path");
        yield return new(Class, "a shard with an absolute path", "model.safetensors.index.json", """{"weight_map":{"a":"/etc/passwd"}}"""u8.ToArray(), "json", "the shard /etc/passwd has an absolute path");
    }

    private static IEnumerable<HostileInput> Templates()
    {
        const string Class = "chat templates";
        foreach (var template in new[]
        {
            "{{ ''.__class__ }}", "{{ a['_' ~ '_class_' ~ '_'] }}", @"{{ a['\x5f\x5fclass\x5f\x5f'] }}", "{{ a | attr('x') }}", "{{ a|map(attribute='x') }}", "{{ cycler.x }}",
            "{{ lipsum['x'] }}", "{% include 'x' %}", "{%- import 'x' as y %}", "{% from 'x' import y %}", "{% extends 'x' %}", "{{ '%c' % 95 }}", "{{ self._x }}",
        })
            yield return new(Class, template, "chat_template.jinja", Encoding.UTF8.GetBytes(template), "template", "reaches for Python's own objects");
        yield return new(Class, "in tokenizer_config.json", "tokenizer_config.json", """{"chat_template":"{{ ().__class__ }}"}"""u8.ToArray(), "template", "chat template chat_template has '__'");
        yield return new(Class, "in a list in tokenizer_config.json", "tokenizer_config.json", """{"chat_template":[{"name":"default","template":"{{ ().\u005f\u005fclass__ }}"}]}"""u8.ToArray(), "template", "chat template chat_template has '__'");
    }

    private static IEnumerable<HostileInput> Closed()
    {
        const string Class = "formats that nothing here can look into";
        foreach (var name in new[] { "model.h5", "model.keras", "saved_model.pb", "model.mar", "model.nemo" })
            yield return new(Class, name, name, Zip.Of(), "format", "can carry code, and nothing here can look into it");
        foreach (var (name, magic) in new (string, byte[])[]
        {
            ("gzip", [0x1f, 0x8b, 8, 0]), ("bzip2", [.. "BZh9"u8]), ("xz", [0xfd, .. "7zXZ"u8, 0]), ("zstd", [0x28, 0xb5, 0x2f, 0xfd]),
            ("lz4", [4, 0x22, 0x4d, 0x18]), ("7z", [.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c]), ("rar", [.. "Rar!"u8, 0x1a, 7]), ("HDF5", [0x89, .. "HDF\r\n"u8, 0x1a, 10]),
        })
            yield return new(Class, $"{name} called model.joblib", "model.joblib", magic, "format", $"{name}: nothing here can look into it");
        yield return new(Class, "zlib, as joblib compresses", "model.joblib", [0x78, 0x9c, 1, 2, 3], "pickle", "0x78 at byte 0: is not an opcode");
    }

    private static HostileInput Json(string @class, string name, string json, string what, string why) => new(@class, name, "config.json", Encoding.UTF8.GetBytes(json), what, why);
}
