namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>Files that are pickles, or might be.</summary>
internal static class PickleFile
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "pickle";

    private const int PicklesOfACheckpoint = 4;

    /// <summary>Whether a file begins like a pickle of protocol 2 or later: PROTO and a known protocol.</summary>
    public static bool Fits(ReadOnlySpan<byte> head) => head is [(byte)Opcode.Proto, <= 5, _, ..];

    // How torch.save began before PyTorch 1.6: PROTO 2 and torch.serialization.MAGIC_NUMBER as a number of ten bytes.
    private static ReadOnlySpan<byte> CheckpointMagic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Checks one pickle, or a checkpoint of an old PyTorch.</summary>
    /// <exception cref="RefusedException">It does what it may not, is truncated, or something follows it.</exception>
    public static void Check(ByteSource file)
    {
        if (file.Head(CheckpointMagic.Length).AsSpan().SequenceEqual(CheckpointMagic))
            CheckCheckpoint(file);
        else
            CheckOne(file, "");
    }

    /// <summary>Checks that a file is one pickle and nothing else.</summary>
    /// <param name="file">The file.</param>
    /// <param name="why">The beginning of the message where it is not.</param>
    /// <param name="torchStorages">Whether it is the pickle of an archive of PyTorch.</param>
    /// <exception cref="RefusedException">It is not.</exception>
    public static void CheckOne(ByteSource file, string why, bool torchStorages = false)
    {
        var reader = new ByteReader(file);
        Analyse(new(PickleMode.Strict, torchStorages), reader, why);
        if (reader.Left > 0)
            throw new RefusedException(What, $"{why}{reader.Left} bytes follow the STOP at byte {reader.Position - 1}");
    }

    /// <summary>Checks a file that may be anything: what Python would import and call before it found out that it is no pickle.</summary>
    /// <exception cref="RefusedException">It would call something that is not allowed.</exception>
    public static void Sniff(ByteSource file)
    {
        var reader = new ByteReader(file);
        var analyser = new PickleAnalyser(PickleMode.Sniff);
        try
        {
            // A loader may ask for the next pickle after each STOP.
            while (reader.Left > 0)
                analyser.Analyse(reader);
        }
        catch (PickleFailure e) when (e.IsDefinite)
        {
            // No pickle: nothing is called before every Python ends with an error.
        }
        catch (PickleFailure e)
        {
            throw new RefusedException(What, $"the file can be read as a pickle: {e.Message}");
        }
    }

    // Four pickles, a fifth with the names of the storages, and then for each of these, in order, a count and the numbers.
    private static void CheckCheckpoint(ByteSource file)
    {
        var reader = new ByteReader(file);
        var analyser = new PickleAnalyser(PickleMode.Strict, torchStorages: true) { KeepsStorages = true };
        for (var i = 0; i <= PicklesOfACheckpoint; i++)
            Analyse(analyser, reader, $"pickle {i + 1} of a PyTorch checkpoint: ");
        foreach (var (name, bytes) in analyser.Storages.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (reader.Left < 8 || reader.UInt64() is var count && (UInt128)count * (uint)bytes > (UInt128)reader.Left)
                throw new RefusedException(What, $"the PyTorch checkpoint is truncated in storage {Printable.Line(name, 40)}");
            reader.Skip(count * (uint)bytes);
        }
        if (reader.Left > 0)
            throw new RefusedException(What, $"{reader.Left} bytes follow the last storage of the PyTorch checkpoint");
    }

    private static void Analyse(PickleAnalyser analyser, ByteReader reader, string why)
    {
        try
        {
            analyser.Analyse(reader);
        }
        catch (PickleFailure e)
        {
            throw new RefusedException(What, $"{why}{e.Message}");
        }
    }
}
