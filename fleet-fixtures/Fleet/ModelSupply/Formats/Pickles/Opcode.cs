namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>The opcodes of pickle protocols 0 to 5, by the names and values of Python's <c>pickletools</c>.</summary>
internal enum Opcode : byte
{
    Mark = (byte)'(', Stop = (byte)'.', Pop = (byte)'0', PopMark = (byte)'1', Dup = (byte)'2',
    Float = (byte)'F', Int = (byte)'I', BinInt = (byte)'J', BinInt1 = (byte)'K', Long = (byte)'L', BinInt2 = (byte)'M', None = (byte)'N',
    PersId = (byte)'P', BinPersId = (byte)'Q', Reduce = (byte)'R', String = (byte)'S', BinString = (byte)'T', ShortBinString = (byte)'U',
    Unicode = (byte)'V', BinUnicode = (byte)'X', Append = (byte)'a', Build = (byte)'b', Global = (byte)'c', Dict = (byte)'d',
    EmptyDict = (byte)'}', Appends = (byte)'e', Get = (byte)'g', BinGet = (byte)'h', Inst = (byte)'i', LongBinGet = (byte)'j',
    List = (byte)'l', EmptyList = (byte)']', Obj = (byte)'o', Put = (byte)'p', BinPut = (byte)'q', LongBinPut = (byte)'r',
    SetItem = (byte)'s', Tuple = (byte)'t', EmptyTuple = (byte)')', SetItems = (byte)'u', BinFloat = (byte)'G',
    Proto = 0x80, NewObj = 0x81, Ext1 = 0x82, Ext2 = 0x83, Ext4 = 0x84, Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87,
    NewTrue = 0x88, NewFalse = 0x89, Long1 = 0x8a, Long4 = 0x8b,
    BinBytes = (byte)'B', ShortBinBytes = (byte)'C',
    ShortBinUnicode = 0x8c, BinUnicode8 = 0x8d, BinBytes8 = 0x8e, EmptySet = 0x8f, AddItems = 0x90, FrozenSet = 0x91, NewObjEx = 0x92,
    StackGlobal = 0x93, Memoize = 0x94, Frame = 0x95, ByteArray8 = 0x96, NextBuffer = 0x97, ReadOnlyBuffer = 0x98,
}

/// <summary>What messages call an opcode.</summary>
internal static class OpcodeNames
{
    /// <summary>Its name as <c>pickletools</c> writes it.</summary>
    public static string Of(Opcode opcode)
    {
        if (!Enum.IsDefined(opcode))
            return $"0x{(byte)opcode:x2}";
        var name = new StringBuilder();
        foreach (var letter in opcode.ToString())
            name.Append(char.IsUpper(letter) && name.Length > 0 && SplitsAt(name, letter) ? "_" : "").Append(char.ToUpperInvariant(letter));
        return name.ToString();
    }

    // STACK_GLOBAL, NEWOBJ_EX, EMPTY_DICT, SHORT_BINBYTES, POP_MARK, NEXT_BUFFER and READONLY_BUFFER have words in pickletools; BINUNICODE has none.
    private static bool SplitsAt(StringBuilder before, char letter) => (before.ToString(), letter) switch
    {
        ("STACK" or "EMPTY" or "SHORT" or "LONG" or "POP" or "NEXT" or "READONLY" or "NEWOBJ", _) => true,
        _ => false,
    };
}
