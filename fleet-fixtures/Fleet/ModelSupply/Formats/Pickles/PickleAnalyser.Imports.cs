using static SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles.PickleMachine;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

// The opcodes that import, call, or change what was imported.
internal sealed partial class PickleAnalyser
{
    private void StepThatImports()
    {
        switch (_opcode)
        {
            case Opcode.Global:
                Import(NameLine(), NameLine());
                break;
            case Opcode.StackGlobal:
                Need(2);
                var name = _machine.TextOf(_machine.Pop());
                Import(_machine.TextOf(_machine.Pop()), name);
                break;
            case Opcode.Inst:
                var (module, type) = (NameLine(), NameLine());
                _machine.Drop(TakeMark());
                Import(module, type);
                Call(_machine.Pop());
                break;
            case Opcode.Obj:
                var count = TakeMark();
                if (count == 0)
                    throw Fails("there is no class above the mark");
                _machine.Drop(count - 1);
                Call(_machine.Pop());
                break;
            case Opcode.Reduce or Opcode.NewObj:
                Need(2);
                _machine.Pop();
                Call(_machine.Pop());
                break;
            case Opcode.NewObjEx:
                Need(3);
                _machine.Drop(2);
                Call(_machine.Pop());
                break;
            case Opcode.Build:
                Need(2);
                _machine.Pop();
                if (MakerOf(_machine.Peek()) is not { } maker || !maker.Use.HasFlag(ImportUse.State))
                    throw Refuses($"gives a state to {Name(_machine.Peek())}, which may have none");
                break;
            case Opcode.BinPersId:
                PersistentId();
                break;
            case Opcode.PersId:
                _reader.Line([]);
                throw Persistent();
            case Opcode.Ext1 or Opcode.Ext2 or Opcode.Ext4:
                throw mode == PickleMode.Sniff && Imports == 0
                    ? Fails("the extension registry is empty")
                    : Refuses("imports something by its number in the extension registry, so nobody can tell what");
            case Opcode.NextBuffer or Opcode.ReadOnlyBuffer:
                throw Fails("wants a buffer from outside the file");
            default:
                throw Fails("is not an opcode");
        }
    }

    private void PersistentId()
    {
        Need(1);
        _machine.Pop();
        if (!torchStorages)
            throw Persistent();
        if (_tuples.Fresh is not { Count: 5 or 6 } id || _machine.TextOf(id.First) != "storage" || ImportOf(id.Second) is not { StorageBytes: > 0 and var bytes })
            throw Refuses("names a persistent object that is not one of PyTorch's storages");
        if (KeepsStorages && _machine.TextOf(id.Third) is { } key)
            Storages[key] = bytes;
        _machine.Push(Data);
    }

    private PickleFailure Persistent() =>
        mode == PickleMode.Sniff && Imports == 0 ? Fails("nobody knows persistent ids here") : Refuses("names a persistent object, and this is no archive of PyTorch");

    private void Import(string? module, string? name)
    {
        if (mode != PickleMode.Strict && (module is null || name is null || !IsName(module) || !IsName(name)))
            throw Fails("imports something without a name");
        Imports++;
        if (module is null || name is null)
            throw Refuses("imports something whose name cannot be resolved");
        var place = AllowedImports.PlaceOf(module, name);
        if (place < 0)
        {
            var bad = Refuses($"imports {Printable.Line($"{module}.{name}", 200)}, which is not on the list of what may be imported");
            if (mode == PickleMode.Strict)
                throw bad;
            _badImport ??= bad;
        }
        _machine.Push(place < 0 ? Data : PickleMachine.Import(place));
    }

    private void Call(int what)
    {
        if (mode == PickleMode.Sniff && _badImport is not null)
            throw _badImport;
        if (ImportOf(what) is not { } import)
        {
            if (mode == PickleMode.Probe)
                what = Data;
            else if (Imports == 0)
                throw Fails("calls something that is data");
            else
                throw Refuses($"calls {Name(what)}, which was not imported by name");
        }
        else if (import.Use == ImportUse.Latin1)
        {
            if (_tuples.Fresh is not { Count: 2 } arguments || _machine.TextOf(arguments.Second) is not ("latin1" or "latin-1"))
                throw Refuses($"calls {import.Module}.{import.Name} with an encoding that is not latin1");
        }
        else if (!import.Use.HasFlag(ImportUse.Call))
        {
            throw Refuses($"calls {import.Module}.{import.Name}, which may only be named");
        }
        _machine.Push(what == Data ? Data : Result(what >> 2));
    }
}
