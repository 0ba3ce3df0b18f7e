namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>The first values of a tuple.</summary>
internal readonly record struct PickleTuple(int Count, int First, int Second, int Third);

/// <summary>
/// The tuple that the pickle has just made, and nothing has been done with but to memoize it: the arguments of the call that follows.
/// A pickler makes them right there, so no other tuple has to be remembered.
/// </summary>
internal sealed class PickleTuples
{
    private PickleTuple? _made;

    /// <summary>The tuple before the current opcode, or null where something else was before it.</summary>
    public PickleTuple? Fresh { get; private set; }

    /// <summary>A new pickle begins.</summary>
    public void Clear() => (_made, Fresh) = (null, null);

    /// <summary>An opcode begins.</summary>
    public void Next(Opcode opcode)
    {
        Fresh = _made;
        if (opcode is not (Opcode.Put or Opcode.BinPut or Opcode.LongBinPut or Opcode.Memoize))
            _made = null;
    }

    /// <summary>The current opcode makes a tuple of the last values.</summary>
    public void Made(PickleMachine machine, int count) =>
        _made = count is 2 or 5 or 6 ? new(count, machine.Peek(count - 1), machine.Peek(count - 2), count > 2 ? machine.Peek(count - 3) : 0) : null;
}
