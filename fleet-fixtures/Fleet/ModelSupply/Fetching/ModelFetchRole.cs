using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary><c>fleet model-fetch</c>: the init container that fetches and verifies a model before the server starts.</summary>
internal sealed class ModelFetchRole : Role
{
    private const int Refused = 1;
    private const int LongestMessage = 4096;
    private const int DefaultDeadline = 60;
    private const int DefaultMegabytes = 65_536;

    public override string Name => "model-fetch";

    public override string Summary => "fetch a model from a registry, and verify it before anything of it can be served";

    public override IReadOnlyCollection<string> Options =>
        ["--allow", "--to", "--key", "--bundle", "--archive", "--allow-code", "--deadline", "--most-megabytes", "--termination-log"];

    public override IReadOnlyCollection<string> Flags => ["--unverified"];

    public override string Help =>
        $"""
        Usage: fleet model-fetch http://HOST:PORT/OWNER/NAME@sha256:DIGEST --allow LIST --to FOLDER --key FILE [option ...]

        Fetches a revision, checks it against the pinned digest, verifies its signature and its files as verify-model does, and
        only then renames it to FOLDER, whole. Otherwise nothing stays, each finding is a line FILE: WHAT: WHY, and the exit code
        is 1; with wrong usage it is 2.

          --allow LIST            the allowed sources, with commas between them: http://HOST:PORT/OWNER/NAME, or with a / at the
                                  end http://HOST:PORT/OWNER/ or http://HOST:PORT/
          --to FOLDER             what the model becomes. It must not be there; its parent (a mounted volume) must
          --key FILE              the signer's public key as PEM
          --bundle NAME           the signature's name in the model (default model.sig)
          --archive NAME          the revision is a tar archive of this name, with the model in it
          --allow-code LIST       the Python files that may be run
          --deadline SECONDS      for everything together (default {DefaultDeadline})
          --most-megabytes N      the most that is fetched (default {DefaultMegabytes})
          --termination-log FILE  where the findings go as well: /dev/termination-log, so that the pod's status shows them
          --unverified            takes what it gets, by a tag, too (default {ModelSource.DefaultTag}): a mistake, to be shown
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        if (arguments.Words is not [var model])
            throw new UsageException("expected one model");
        var order = new FetchOrder(ModelSource.Parse(model), ModelOptions.List(arguments, "--allow"), arguments.Text("--to") ?? throw new UsageException("--to is missing"),
            arguments.Text("--bundle") ?? "model.sig", arguments.Text("--archive"), arguments.Number("--most-megabytes", 1, int.MaxValue, DefaultMegabytes) * 1024L * 1024);
        var deadline = TimeSpan.FromSeconds(arguments.Number("--deadline", 1, 86_400, DefaultDeadline));
        var verdict = await FetchAsync(order, arguments, deadline, stop);
        foreach (var note in verdict.Notes)
            Console.Error.WriteLine($"note: {note}");
        foreach (var finding in verdict.Findings)
            Console.WriteLine(finding);
        if (verdict.Findings.Count == 0)
        {
            Console.WriteLine($"{(arguments.Has("--unverified") ? "fetched without verification" : "verified")}: {verdict.Files} files of {order.Source.Address}");
            return 0;
        }
        await TellAsync(verdict.Findings, arguments.Text("--termination-log"));
        return Refused;
    }

    private static async Task<Verdict> FetchAsync(FetchOrder order, Arguments arguments, TimeSpan deadline, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(deadline);
        try
        {
            if (arguments.Has("--unverified"))
                return new([], [], await UnverifiedFetcher.FetchAsync(order, limit.Token));
            using var key = ModelOptions.Public(arguments);
            return await new ModelFetcher(order, new(key, ModelOptions.List(arguments, "--allow-code"))).FetchAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped or late: never a success, for the server would start.
            var why = stop.IsCancellationRequested ? "stopped before everything was there" : $"the registry did not send everything within {deadline.TotalSeconds} s";
            return new([new(order.Source.Address, "deadline", why)], [], 0);
        }
        catch (RefusedException e)
        {
            return new([new(order.Source.Address, e.What, e.Message)], [], 0);
        }
    }

    // The kubelet takes at most so many bytes of it.
    private static async Task TellAsync(IEnumerable<Finding> findings, string? file)
    {
        if (file is null)
            return;
        var text = Encoding.UTF8.GetBytes("model refused: " + string.Join('\n', findings));
        await File.WriteAllBytesAsync(file, text[..Math.Min(text.Length, LongestMessage)]);
    }
}
