using System.Security.Cryptography;
using FsCheck.Fluent;
using FsCheck;
using Microsoft.FSharp.Core;
using SecuritySpecs.Fleet;
using SecuritySpecs.Kube.Files;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Tests;

/// <summary>
/// Files of the project, damaged at random: each reader ends in what it reads or in the one error, with file and line, and soon.
/// SPECS_SEED repeats a run.
/// </summary>
[TestFixture]
public sealed partial class ReaderFuzzTests
{
    private const int Damaged = 600;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string[] Snippets =
        ["[", "]", "{", "}", "\"", "'", "\t", "\n\t", "\0", ":", ": ", "- ", "\n- ", "&a ", "*a", "<<: ", "? ", "| ", "> ", "!!binary ", "!x ", "%YAML 9\n", "---\n", "...\n", "#", "\n\n", "null", "~",
        "[]", "{}", "0x", "1e999", ".nan", "2001-01-01", "${NAME}", "${", "|", "| a | b |\n", "@", "@control:", "Rule:", "Scenario: x\n", "Examples:\n", "\"\"\"\n", "<a>", "# language: xx\n", "\\x", "\uFEFF", "\u2028", "\uD83D\uDE00"];

    private readonly ulong _seed = Environment.GetEnvironmentVariable("SPECS_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private static IEnumerable<TestCaseData> Readers()
    {
        yield return Of("manifest", "a.yaml", Files("fleet-fixtures", "*.yaml").Where(f => !f.EndsWith("rights-owners.yaml", StringComparison.Ordinal) && !f.EndsWith("fleet-fixtures/gpu-toolkit.yaml", StringComparison.Ordinal) && !f.EndsWith("fleet.yaml", StringComparison.Ordinal)), t => Manifest.Parse("a.yaml", t));
        yield return Of("fleet", "fleet-fixtures/fleet.yaml", Files("fleet-fixtures", "fleet.yaml"), t => FleetFile.Parse(t));
        yield return Of("rights owners", "fleet-fixtures/controls/rights-owners.yaml", Files("fleet-fixtures", "rights-owners.yaml"), t => RightsOwners.Parse(t));
        yield return Of("toolkit fixes", "fleet-fixtures/gpu-toolkit.yaml", Files("fleet-fixtures", "gpu-toolkit.yaml"), t => ToolkitFixes.Parse(t));
        yield return Of("catalogue", "features/catalogue.yaml", Files("features", "catalogue.yaml"), t => Catalogue.Parse(t));
        yield return Of("frameworks", FrameworkIds.FileName, Files("features", "frameworks.yaml"), t => FrameworkIds.Parse(t));
        yield return Of("feature", "features/a.feature", Files("features", "*.feature"), t => FeatureIndex.Parse("features/a.feature", t));
        yield return Of("kubeconfig", "kubeconfig", [KubeconfigTests.Good], t => new Kubeconfig("kubeconfig").Parse(t, null));

        static TestCaseData Of(string name, string file, IEnumerable<string> files, Action<string> read) =>
            new TestCaseData(file, files.ToArray(), read).SetArgDisplayNames(name);

        static IEnumerable<string> Files(string folder, string pattern) =>
            Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText);
    }

    [TestCaseSource(nameof(Readers))]
    public void A_damaged_file_is_read_or_refused_with_file_and_line(string file, string[] files, Action<string> read)
    {
        TestContext.Out.WriteLine($"SPECS_SEED={_seed}");
        files.Should().NotBeEmpty();
        var (refused, clock) = (0, new Stopwatch());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Damaged).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(_seed), FSharpOption<int>.None))),
            Prop.ForAll(Arb.From(Damage(files), Smaller), text =>
            {
                clock.Restart();
                try
                {
                    read(TextFile.Decode(file, text.Bytes));
                }
                catch (BadInputException e) when (Place().Match(e.Message) is { Success: true } place && place.Groups[1].Value == file && !e.Message.Contains('\n'))
                {
                    refused++;
                }
                catch (Exception e)
                {
                    return false.Label(e.ToString());
                }

                return (clock.Elapsed < Soon).Label($"took {clock.Elapsed}");
            }));

        TestContext.Out.WriteLine($"{refused} of {Damaged} refused");
        refused.Should().BeInRange(Damaged / 10, Damaged * 99 / 100, "most damage is to be noticed, and some to be harmless (seed {0})", _seed);
    }

    // One to four injuries, of every kind equally often.
    private static Gen<Text> Damage(string[] files) =>
        from file in Gen.Elements(files)
        from injuries in Gen.Choose(1, 4).SelectMany(n => Injury.ListOf(n))
        select new Text(injuries.Aggregate(Encoding.UTF8.GetBytes(file), (bytes, injury) => injury(bytes)));

    private static Gen<Func<byte[], byte[]>> Injury =>
        from kind in Gen.Choose(0, 9)
        from a in Gen.Choose(0, int.MaxValue - 1)
        from b in Gen.Choose(0, int.MaxValue - 1)
        select (Func<byte[], byte[]>)(bytes => Injured(bytes, kind, a, b));

    private static byte[] Injured(byte[] bytes, int kind, int a, int b)
    {
        if (bytes.Length == 0)
            return bytes;
        var (from, to) = (a % bytes.Length, b % bytes.Length);
        var (first, last) = from < to ? (from, to) : (to, from);
        var line = Array.LastIndexOf(bytes, (byte)'\n', from) + 1;
        return kind switch
        {
            0 => bytes[..from], // cut
            1 => [.. bytes[..first], .. bytes[Math.Min(last, first + 40)..]], // a part is missing
            2 => [.. bytes[..last], .. bytes[first..]], // doubled
            3 => Swapped(),
            4 or 5 => [.. bytes[..from], .. Encoding.UTF8.GetBytes(Snippets[b % Snippets.Length]), .. bytes[from..]],
            6 => [.. bytes[..line], .. Encoding.UTF8.GetBytes(Snippets[b % Snippets.Length]), .. bytes[line..]],
            7 => Value(),
            8 => [.. bytes[..from], (byte)(b % 256), .. bytes[from..]],
            _ => [.. bytes[..from], .. Enumerable.Repeat((byte)"[{- :\n&"[b % 7], 3000), .. bytes[from..]], // huge, and deep
        };

        byte[] Swapped()
        {
            var swapped = bytes.ToArray();
            (swapped[first], swapped[last]) = (swapped[last], swapped[first]);
            return swapped;
        }

        // What follows the next colon is of another type.
        byte[] Value()
        {
            var colon = Array.IndexOf(bytes, (byte)':', from);
            var end = colon < 0 ? -1 : Array.IndexOf(bytes, (byte)'\n', colon);
            return end < 0 ? bytes[..from] : [.. bytes[..(colon + 1)], (byte)' ', .. Encoding.UTF8.GetBytes(Snippets[b % Snippets.Length]), .. bytes[end..]];
        }
    }

    // Without one of its halves, quarters, ... lines: what is left in the message is what it takes.
    private static IEnumerable<Text> Smaller(Text text)
    {
        var lines = Encoding.Latin1.GetString(text.Bytes).Split('\n');
        for (var part = lines.Length / 2; part > 0; part /= 2)
        {
            for (var from = 0; from < lines.Length; from += part)
                yield return new(Encoding.Latin1.GetBytes(string.Join('\n', lines.Where((_, n) => n < from || n >= from + part))));
        }
    }

    // As it is printed where it fails.
    private sealed record Text(byte[] Bytes)
    {
        public override string ToString() => JsonSerializer.Serialize(Encoding.UTF8.GetString(Bytes));
    }

    [GeneratedRegex(@"^(.*?):[1-9][0-9]*: ")]
    private static partial Regex Place();
}
