namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>Pickles that import what they may not, by each opcode that imports, and by each kind of detour that scanners missed.</summary>
internal static class HostileImports
{
    private const string Indirect = "indirect import", Submodule = "submodule and subclass names", Direct = "direct import", Loader = "another loader";

    // What scanners with deny-lists missed, by class. Each was in a public advisory, or is of the same kind.
    private static readonly (string Class, string Module, string Name)[] s_imports =
    [
        (Direct, "os", "system"), (Direct, "posix", "system"), (Direct, "nt", "system"), (Direct, "subprocess", "Popen"), (Direct, "subprocess", "check_output"),
        (Direct, "builtins", "eval"), (Direct, "builtins", "exec"), (Direct, "__builtin__", "eval"), (Direct, "builtins", "open"), (Direct, "os", "execv"),
        (Direct, "pty", "spawn"), (Direct, "socket", "create_connection"), (Direct, "webbrowser", "open"), (Direct, "ctypes", "CDLL"), (Direct, "shutil", "rmtree"),
        (Indirect, "builtins", "getattr"), (Indirect, "builtins", "__import__"), (Indirect, "builtins", "map"), (Indirect, "importlib", "import_module"),
        (Indirect, "pkgutil", "resolve_name"), (Indirect, "operator", "attrgetter"), (Indirect, "operator", "methodcaller"), (Indirect, "functools", "partial"),
        (Indirect, "functools", "reduce"), (Indirect, "itertools", "starmap"), (Indirect, "runpy", "_run_code"), (Indirect, "types", "FunctionType"), (Indirect, "types", "CodeType"),
        (Indirect, "copyreg", "_reconstructor"), (Indirect, "copyreg", "add_extension"), (Indirect, "collections", "defaultdict"), (Indirect, "sys", "modules"),
        (Indirect, "timeit", "timeit"), (Indirect, "cProfile", "run"), (Indirect, "pdb", "run"), (Indirect, "bdb", "Bdb.run"), (Indirect, "code", "InteractiveInterpreter"),
        (Indirect, "doctest", "debug_script"), (Indirect, "idlelib.pyshell", "ModifiedInterpreter"), (Indirect, "ensurepip", "_run_pip"), (Indirect, "uuid", "_get_command_stdout"),
        (Indirect, "_osx_support", "_read_output"), (Indirect, "imaplib", "IMAP4_stream"), (Indirect, "logging", "FileHandler"), (Indirect, "io", "FileIO"),
        (Indirect, "urllib.request", "urlopen"), (Indirect, "asyncio.unix_events", "_UnixSubprocessTransport._start"), (Indirect, "multiprocessing.util", "spawnv_passfds"),
        (Submodule, "os", "path.os.system"), (Submodule, "collections", "OrderedDict.__class__"), (Submodule, "collections", "OrderedDict.fromkeys"), (Submodule, "collections.abc", "OrderedDict"),
        (Submodule, "Collections", "OrderedDict"), (Submodule, "collections ", "OrderedDict"), (Submodule, "torch._utils", "_rebuild_tensor_v2.__globals__"), (Submodule, "torch", "serialization.load"),
        (Submodule, "torch._utils", "_rebuild_from_type_v2"), (Submodule, "torch.nn.modules.linear", "Linear"), (Submodule, "numpy.core.multiarray", "_reconstruct.__class__"), (Submodule, "numpy.f2py.crackfortran", "myeval"),
        (Submodule, "numpy.testing._private.utils", "runstring"), (Submodule, "torch._inductor.codecache", "compile_file"), (Submodule, "pip._internal", "main"), (Submodule, "", "system"), (Submodule, "os", ""),
        (Loader, "pickle", "loads"), (Loader, "_pickle", "loads"), (Loader, "marshal", "loads"), (Loader, "dill", "loads"), (Loader, "cloudpickle.cloudpickle", "_make_function"), (Loader, "joblib", "load"),
        (Loader, "joblib.numpy_pickle", "NumpyArrayWrapper"), (Loader, "torch", "load"), (Loader, "torch.storage", "_load_from_bytes"), (Loader, "torch.hub", "load"), (Loader, "torch.jit", "load"), (Loader, "numpy", "load"),
        (Loader, "lib2to3.pgen2.grammar", "Grammar.loadgrammar"), (Loader, "logging.config", "dictConfig"), (Loader, "tensorflow.python.keras.models", "load_model"),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileInput> All()
    {
        foreach (var (@class, module, name) in s_imports)
        {
            var why = $"imports {module}.{name}, which is not on the list";
            yield return Input(@class, $"GLOBAL {module}.{name}", Pickle.Protocol(2).Global(module, name).Call("id").Stop(), $"GLOBAL at byte 2: {why}");
            yield return Input(@class, $"STACK_GLOBAL {module}.{name}", Pickle.Protocol(4).StackGlobal(module, name).Call("id").Stop(), $"STACK_GLOBAL at byte {6 + Encoding.UTF8.GetByteCount(module + name)}: {why}");
        }
        foreach (var input in Forms())
            yield return input;
    }

    private static IEnumerable<HostileInput> Forms()
    {
        const string System = "imports os.system";
        yield return Form("GLOBAL of protocol 0", new Pickle().Text("cos\nsystem\n(S'id'\ntR."), "GLOBAL at byte 0: imports os.system");
        yield return Form("INST", new Pickle().Text("(S'id'\nios\nsystem\n."), "INST at byte 7: imports os.system");
        yield return Form("OBJ", new Pickle().Text("(cos\nsystem\nS'id'\no."), "GLOBAL at byte 1: imports os.system");
        yield return Form("NEWOBJ", Pickle.Protocol(2).Global("subprocess", "Popen").Short("id").Raw(0x85, 0x81).Text("."), "imports subprocess.Popen");
        yield return Form("NEWOBJ_EX", Pickle.Protocol(4).StackGlobal("subprocess", "Popen").Short("id").Raw(0x85).Text("}").Raw(0x92).Text("."), "imports subprocess.Popen");
        yield return Form("BUILD of an imported module's state", Pickle.Protocol(4).StackGlobal("os", "environ").Text("}").Short("PATH").Short("/tmp").Text("sb."), "imports os.environ");
        yield return Form("in a frame", Pickle.Protocol(4).Frame(f => f.StackGlobal("os", "system").Call("id").Text(".")), System);
        yield return Form("across two frames", Pickle.Protocol(4).Frame(f => f.Short("os")).Frame(f => f.Short("system").Raw(0x93).Call("id").Text(".")), System);
        yield return Form("after harmless values", Pickle.Protocol(4).Text("]").Memoize().Text("(K\u0001K\u0002e0").StackGlobal("os", "system").Call("id").Text("."), System);
        yield return Form("in an argument of a harmless call", Pickle.Protocol(2).Global("collections", "OrderedDict").Global("os", "system").Call("id").Raw(0x85).Text("R."), System);
        foreach (var (name, write) in Texts())
            yield return Form($"STACK_GLOBAL of texts by {name}", write(write(Pickle.Protocol(4), "os"), "system").Raw(0x93).Call("id").Text("."), System);
        yield return Form("without a call: importing is enough", Pickle.Protocol(2).Global("antigravity", "fly").Text("."), "imports antigravity.fly");
        yield return Form("a name that is no ASCII", Pickle.Protocol(4).StackGlobal("\u043es", "system").Call("id").Text("."), "which is not on the list");
        yield return Form("a name with a line feed, written into a log", Pickle.Protocol(4).StackGlobal("os\nmodel.pt: verified", "system").Text("."), @"os\u000amodel.pt: verified.system");
        yield return Form("a name of 300 characters", Pickle.Protocol(2).Global(new string('a', 300), "b").Text("."), "whose name cannot be resolved");
    }

    private static IEnumerable<(string Opcode, Func<Pickle, string, Pickle> Write)> Texts()
    {
        yield return ("STRING", (p, t) => p.Text($"S'{t}'\n"));
        yield return ("STRING with double quotes", (p, t) => p.Text($"S\"{t}\"\n"));
        yield return ("UNICODE", (p, t) => p.Text($"V{t}\n"));
        yield return ("SHORT_BINSTRING", (p, t) => p.Raw([(byte)'U', (byte)t.Length]).Text(t));
        yield return ("BINSTRING", (p, t) => p.Raw([(byte)'T', .. Pickle.Number(t.Length)]).Text(t));
        yield return ("BINUNICODE", (p, t) => p.Unicode(t));
        yield return ("BINUNICODE8", (p, t) => p.Unicode8(t));
        yield return ("memoized and taken back", (p, t) => p.Short(t).BinPut(7).Text("0").BinGet(7));
        yield return ("GET", (p, t) => p.Short(t).Text("p3\n0g3\n"));
        yield return ("LONG_BINGET", (p, t) => p.Short(t).Text("r").Raw(Pickle.Number(1)).Text("0j").Raw(Pickle.Number(1)));
        yield return ("MEMOIZE in a full memo", (p, t) => p.Short("a").BinPut(0).Text("0").Short(t).Memoize().Text("0").BinGet(t == "os" ? (byte)1 : (byte)2));
        yield return ("DUP and POP", (p, t) => p.Short(t).Text("20"));
        yield return ("POP_MARK", (p, t) => p.Short(t).Text("(NN1"));
        yield return ("an entry that is overwritten", (p, t) => p.Short("collections").BinPut(0).Text("0").Short(t).BinPut(0).Text("0").BinGet(0));
    }

    private static HostileInput Form(string name, Pickle pickle, string why) => Input("every opcode that imports", name, pickle.Bytes, why);

    private static HostileInput Input(string @class, string name, byte[] bytes, string why) => new(@class, name, "model.pkl", bytes, "pickle", why);
}
