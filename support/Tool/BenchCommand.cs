using System.Globalization;

namespace SecuritySpecs.Tool;

/// <summary>Figures of warm runs out of their postures, and of what is measured by itself, each beside what is wanted.</summary>
internal static class BenchCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var postures = arguments.All("--results").Select(f => SummaryCommand.Read(Path.Combine(f, "posture.json"))).ToList();
        var scenarios = postures.SelectMany(p => p.Scenarios).Select(s => s.DurationMs).ToList();
        Print("start to an answering cluster (median)", Median(postures.Select(p => p.Run.ClusterReadyMs ?? double.NaN)), "");
        Print("start to fleet ready (median)", Median(postures.Select(p => p.Run.FleetReadyMs ?? double.NaN)), "at most 20 s");
        Print("median scenario", Median(scenarios), "at most 1.5 s");
        Print("slowest scenario", scenarios.Max(), "");
        await WhoCanBench.RunAsync();
        await ReachabilityBench.RunAsync();
        return 0;
    }

    private static void Print(string figure, double milliseconds, string wanted) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure,-46} {milliseconds / 1000,10:0.0} s   {wanted}"));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
