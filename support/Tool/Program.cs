using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;
using SecuritySpecs.Tool;

// What support/specs needs of the library. Options come as --name VALUE; those of a run as environment variables.
try
{
    return args switch
    {
        ["check", .. var rest] => await CheckCommand.RunAsync(new Arguments(rest, "--cluster")),
        ["clean", .. var rest] => await CleanCommand.RunAsync(new Arguments(rest, "--run", "--cluster", "--kept")),
        ["summary", .. var rest] => SummaryCommand.Run(new Arguments(rest, "--results", "--trx")),
        ["bench", .. var rest] => await BenchCommand.RunAsync(new Arguments(rest, "--results")),
        _ => throw new EnvironmentException("usage: specs-tool check|clean|summary|bench [options]"),
    };
}
catch (Exception e) when (e is EnvironmentException or BadInputException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
