using FsCheck;
using FsCheck.Fluent;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>Whatever a file is, judging it ends soon, takes little memory, and throws nothing.</summary>
[TestFixture, NonParallelizable]
public sealed class BoundsTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int Mutations = 10_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);
    private static readonly (string File, byte[] Bytes)[] s_seeds =
        [.. HostileInput.All.Select(h => (h.File, h.Bytes)), .. PlainInputs.All.Select(p => (p.File, p.Bytes))];

    // Made to take as much as possible: each is as large as such a file may well be.
    private static IEnumerable<TestCaseData> Greedy()
    {
        const int Size = 1_000_000;
        string Repeat(string text) => string.Concat(Enumerable.Repeat(text, Size / text.Length));
        TestCaseData Case(string name, string file, byte[] bytes) => new TestCaseData(file, bytes).SetArgDisplayNames(name);
        yield return Case("values on the stack", "a.pkl", Pickle.Protocol(4).Text(Repeat("N")).Bytes);
        yield return Case("marks", "a.pkl", Pickle.Protocol(4).Text(Repeat("(")).Bytes);
        yield return Case("memo entries", "a.pkl", Pickle.Protocol(4).Text("N" + Repeat("\u0094")).Bytes);
        yield return Case("copies and memo entries", "a.pkl", Pickle.Protocol(4).Text("N" + Repeat("2\u0094")).Bytes);
        yield return Case("tuples", "a.pkl", Pickle.Protocol(4).Text("N" + Repeat("2\u0086")).Bytes);
        yield return Case("distinct short texts", "a.pkl", [.. Pickle.Protocol(4).Bytes, .. Enumerable.Range(0, Size / 6).SelectMany(i => new byte[] { 0x8c, 3, (byte)(i % 90 + 33), (byte)(i / 90 % 90 + 33), (byte)(i / 8100 + 33), (byte)'0' })]);
        yield return Case("empty texts", "a.pkl", Pickle.Protocol(4).Text(Repeat("\u008c\0")).Bytes);
        yield return Case("bytes that might be pickles", "a.pkl", Pickle.Protocol(4).Text(Repeat("C\u0006\u0080\u0004NNN0")).Bytes);
        yield return Case("one large value that might be a pickle", "a.pkl", Pickle.Protocol(4).Binary([0x80, 4, .. Encoding.ASCII.GetBytes(Repeat("N"))]).Stop());
        yield return Case("a long line", "a.pkl", new Pickle().Text("I" + Repeat("1") + "\n.").Bytes);
        yield return Case("pickles behind each other in a text", "a.txt", new Pickle().Text(Repeat("N.")).Bytes);
        yield return Case("texts that might be pickles", "a.pkl", Pickle.Protocol(4).Text(Repeat("\u008c\u0007ca\nb\nR0")).Bytes);
        yield return Case("texts of beginnings of names", "a.pkl", Pickle.Protocol(4).Text(Repeat("\u008c\u00fa" + new string('c', 249) + "\n0")).Bytes);
        yield return Case("calls of what is allowed", "a.pkl", Pickle.Protocol(2).Text(Repeat("ctorch\nSize\n)R")).Bytes);
        yield return Case("storages", "a.pt", Zip.Of(new ZipItem("m/data.pkl", [.. Pickle.Protocol(2).Unicode("storage").BinPut(0).Global("torch", "FloatStorage").BinPut(1).Bytes,
            .. Enumerable.Range(0, Size / 20).SelectMany(i => new Pickle().Text("(").BinGet(0).BinGet(1).Unicode($"{i:000000}").Text("NNtQ").Bytes)])));
        yield return Case("members of a zip", "a.zip", Zip.Of([.. Enumerable.Range(0, Size / 120).Select(i => new ZipItem($"{i}.pkl", "N."u8.ToArray()))]));
        yield return Case("packed members of a zip", "a.zip", Zip.Of([.. Enumerable.Range(0, 2000).Select(i => new ZipItem($"{i}.pkl", new byte[10_000]) { Deflate = true })]));
        yield return Case("folders of a zip", "a.zip", Zip.Of([.. Enumerable.Range(0, 1000).Select(i => new ZipItem(string.Concat(Enumerable.Repeat($"{i}/", 150)) + "x", []))]));
        yield return Case("members of a tar", "a.tar", Enumerable.Range(0, Size / 1024).Aggregate(new Tar(), (t, i) => t.Add($"{i}", "N."u8.ToArray())).End());
        yield return Case("names of JSON", "a.json", Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Range(0, Size / 11).Select(i => $"\"{i:x6}\":1"))}}}"));
        yield return Case("names of JSON by escapes", "a.json", Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Range(0, Size / 16).Select(i => $"\"\\u0061{i:x5}\":1"))}}}"));
        yield return Case("empty objects of JSON", "a.json", Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", Size / 3))}]"));
        yield return Case("tensors of safetensors", "a.safetensors", Safetensors.Of($"{{{string.Join(',', Enumerable.Range(0, Size / 60).Select(i => Safetensors.Entry($"{i}", "U8", "[0]", "0", "0")))}}}", 0));
        yield return Case("dimensions of safetensors", "a.safetensors", Safetensors.Of($"{{{Safetensors.Entry("a", "U8", $"[0{Repeat(",1")}]", "0", "0")}}}", 0));
        yield return Case("values of GGUF", "a.gguf", Enumerable.Range(0, 30_000).Aggregate(new Gguf(), (g, i) => g.Value($"{i}", 0, [1])).End(0));
        yield return Case("arrays of GGUF", "a.gguf", new Gguf().Value("a", 9, [8, 0, 0, 0, .. BitConverter.GetBytes((ulong)Size / 8), .. new byte[Size / 8 * 8]]).End(0));
        yield return Case("tensors of GGUF", "a.gguf", Enumerable.Range(0, 30_000).Aggregate(new Gguf(), (g, i) => g.Tensor($"{i}", 24, [0], 0)).End(0));
        yield return Case("a header of NumPy", "a.npy", Npy.Of(Npy.Header($"[{string.Concat(Enumerable.Repeat("('a', '<f4'", 4000))}]", "(1,)"), []));
        yield return Case("fields of NumPy", "a.npy", Npy.Of(Npy.Header($"[{string.Join(", ", Enumerable.Repeat("('a', '<f4')", 4000))}]", "(1,)"), []));
        yield return Case("a chat template", "a.jinja", Encoding.ASCII.GetBytes(Repeat("|  ")));
        yield return Case("another chat template", "a.jinja", Encoding.ASCII.GetBytes(Repeat("{% self |map ( ")));
        yield return Case("spaces of a chat template", "a.jinja", Encoding.ASCII.GetBytes("|" + Repeat(" ")));
        yield return Case("zeros", "a.pkl", new byte[Size]);
    }

    [TestCaseSource(nameof(Greedy))]
    public void A_greedy_file_is_judged_within_a_second_and_ten_times_its_size_and_a_mebibyte(string file, byte[] bytes)
    {
        Shortest(file, bytes).Should().BeLessThan(s_longest, $"{file} of {bytes.Length} bytes");
        MostHeld(file, bytes).Should().BeLessThan(MostAllowed(bytes), $"{file} of {bytes.Length} bytes");
    }

    [Test]
    public void Mutations_of_hostile_and_plain_files_are_judged_within_the_bounds()
    {
        var mutation =
            from seed in Gen.Elements(s_seeds)
            from other in Gen.Elements(s_seeds)
            from count in Gen.Choose(1, 4)
            from edits in Gen.ListOf(Gen.Choose(0, int.MaxValue).Three(), count)
            select (seed.File, Bytes: edits.Aggregate(seed.Bytes, (bytes, edit) => Mutate(bytes, other.Bytes, edit.Item1 % 7, edit.Item2, edit.Item3)));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Mutations).WithQuietOnSuccess(true), Prop.ForAll(mutation.ToArbitrary(), m => Judge(m.File, m.Bytes)));
    }

    private static byte[] Mutate(byte[] bytes, byte[] other, int kind, int where, int what)
    {
        var at = bytes.Length == 0 ? 0 : where % bytes.Length;
        var length = Math.Min(what % 16, bytes.Length - at);
        return kind switch
        {
            0 when bytes.Length > 0 => [.. bytes[..at], (byte)what, .. bytes[(at + 1)..]],
            1 when bytes.Length > 0 => [.. bytes[..at], (byte)(bytes[at] ^ 1 << what % 8), .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], .. bytes[(at + length)..]],
            3 => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
            4 => bytes[..at],
            5 => [.. bytes[..at], .. BitConverter.GetBytes(what % 3 == 0 ? uint.MaxValue : (uint)what), .. bytes[at..]],
            _ => [.. bytes[..at], .. other[(other.Length == 0 ? 0 : what % other.Length)..]],
        };
    }

    private static void Judge(string file, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        FormatTests.Check(file, bytes);

        // All that was allocated, so more than was held at any moment.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(MostAllowed(bytes), $"{file} of {bytes.Length} bytes");
        Shortest(file, bytes).Should().BeLessThan(s_longest, $"{file} of {bytes.Length} bytes");
    }

    // What a process needs whatever the file is, and what the test's own threads hold, is more than ten times a small file.
    private static long MostAllowed(byte[] bytes) => 10L * bytes.Length + Mebibyte;

    // The machine may be busy with something else; a file that takes long takes long each time.
    private static TimeSpan Shortest(string file, byte[] bytes)
    {
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 3 && shortest >= s_longest; i++)
        {
            var clock = Stopwatch.StartNew();
            FormatTests.Check(file, bytes);
            shortest = clock.Elapsed < shortest ? clock.Elapsed : shortest;
        }
        return shortest;
    }

    // Looks again and again, while the file is judged, at what is still in use.
    private static long MostHeld(string file, byte[] bytes)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var judging = Task.Run(() => FormatTests.Check(file, bytes));
        var most = 0L;
        do
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        while (!judging.IsCompleted);
        return most;
    }
}
