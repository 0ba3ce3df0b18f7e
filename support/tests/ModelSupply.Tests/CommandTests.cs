namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>The commands as people and pods call them: exit codes, lines, and the termination log.</summary>
[TestFixture]
public sealed class CommandTests
{
    [Test]
    public async Task A_model_that_was_signed_is_verified_and_a_changed_one_refused()
    {
        using var model = new SignedModel();
        File.WriteAllText(model.Beside("key.pem"), model.Key.PrivatePem());
        File.WriteAllText(model.Beside("key.pub"), model.Key.Pem);

        var signed = await FleetProcess.RunAsync("sign-model", "--key", model.Beside("key.pem"), "--bundle", model.Bundle, model.Path);
        signed.Should().Be(new FleetResult(0, $"signed with the key {model.Key.Hint}", ""));
        (await VerifyAsync(model)).Should().Be(new FleetResult(0, $"verified: 3 files, signed with the key {model.Key.Hint}", ""));

        model.Write("model.pkl", HostilePickles.Payload).Write("listed.py", "x"u8);
        var refused = await VerifyAsync(model, "--allow-code", "listed.py");
        refused.ExitCode.Should().Be(1);
        refused.Output.Split('\n').Should().Equal("listed.py: added: not signed", "model.pkl: added: not signed",
            "model.pkl: pickle: STACK_GLOBAL at byte 14: imports os.system, which is not on the list of what may be imported");
        refused.Errors.Should().Be("note: listed.py: Python code, allowed by the list");

        (await VerifyAsync(model, "--signature-only")).Output.Split('\n').Should().Equal("listed.py: added: not signed", "model.pkl: added: not signed");
        (await VerifyAsync(model, "--ignore-paths", "model.pkl,listed.py")).ExitCode.Should().Be(0);
        (await VerifyAsync(model, "--ignore-unsigned-files", "--allow-code", "listed.py")).Output.Should().StartWith("model.pkl: pickle: ").And.NotContain("\n");
    }

    [Test]
    public async Task A_model_may_be_signed_in_parts()
    {
        using var model = new SignedModel();
        File.WriteAllText(model.Beside("key.pem"), model.Key.PrivatePem());
        File.WriteAllText(model.Beside("key.pub"), model.Key.Pem);

        (await FleetProcess.RunAsync("sign-model", "--key", model.Beside("key.pem"), "--bundle", model.Bundle, "--shard-size", "5", model.Path)).ExitCode.Should().Be(0);

        (await VerifyAsync(model)).ExitCode.Should().Be(0);
    }

    [TestCase("--bundle is missing", "MODEL")]
    [TestCase("--key is missing", "MODEL --bundle x")]
    [TestCase("expected one MODEL", "--bundle x --key y")]
    [TestCase("/nowhere: there is no such folder or file", "--bundle x --key y /nowhere")]
    [TestCase("--key /nowhere: Could not find", "--bundle x --key /nowhere MODEL")]
    [TestCase("--key MODEL/config.json: expected a PEM text '-----BEGIN PUBLIC KEY-----', and the file has none", "--bundle x --key MODEL/config.json MODEL")]
    [TestCase("unknown option '--keys'", "--bundle x --keys y MODEL")]
    public async Task Bad_input_is_told_in_a_line(string message, string arguments)
    {
        using var model = new SignedModel();

        var result = await FleetProcess.RunAsync(["verify-model", .. arguments.Replace("MODEL", model.Path).Split(' ')]);

        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Errors.Should().StartWith("fleet verify-model: ").And.Contain(message.Replace("MODEL/", $"{model.Path}/")).And.NotContain("\n");
    }

    [Test]
    public async Task A_fetched_model_is_verified_and_a_refused_one_is_told_to_the_termination_log()
    {
        using var model = new SignedModel().Sign();
        using var folder = new TestFolder();
        Copy(model.Path, folder.File("models/acme/llm/good"));
        Copy(model.Write("model.pkl", HostilePickles.Payload).Sign().Path, folder.File("models/acme/llm/main"));
        File.WriteAllText(folder.File("key.pub"), model.Key.Pem);
        await using var registry = FleetProcess.Start("model-registry", "--models", folder.File("models"), "--port", "0");
        await registry.SaysAsync("answering on port ");
        var address = $"http://127.0.0.1:{registry.Output.Split("port ")[1].Trim()}";
        string[] options = ["--allow", $"{address}/acme/", "--key", folder.File("key.pub"), "--termination-log", folder.File("log"), "--to", folder.File("llm")];

        var good = await FleetProcess.RunAsync(["model-fetch", $"{address}/acme/llm@{Digest(folder, "good")}", .. options]);
        good.Should().Be(new FleetResult(0, $"verified: 3 files of {address}/acme/llm", ""));
        File.Exists(folder.File("log")).Should().BeFalse();
        Directory.Delete(folder.File("llm"), recursive: true);

        var refused = await FleetProcess.RunAsync(["model-fetch", $"{address}/acme/llm@{Digest(folder, "main")}", .. options]);
        const string Finding = "model.pkl: pickle: STACK_GLOBAL at byte 14: imports os.system, which is not on the list of what may be imported";
        refused.Should().Be(new FleetResult(1, Finding, ""));
        File.ReadAllText(folder.File("log")).Should().Be($"model refused: {Finding}");
        Directory.Exists(folder.File("llm")).Should().BeFalse();

        var unverified = await FleetProcess.RunAsync(["model-fetch", "--unverified", $"{address}/acme/llm", .. options]);
        unverified.Should().Be(new FleetResult(0, $"fetched without verification: 5 files of {address}/acme/llm", ""));
        File.ReadAllBytes(folder.File("llm/model.pkl")).Should().Equal(HostilePickles.Payload);
    }

    [Test]
    public async Task A_deadline_is_a_refusal_and_so_is_being_stopped()
    {
        using var model = new SignedModel();
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("models"));
        File.WriteAllText(folder.File("key.pub"), model.Key.Pem);
        await using var registry = FleetProcess.Start("model-registry", "--models", folder.File("models"), "--port", "0", "--attack", "silent");
        await registry.SaysAsync("with the attack silent");
        var address = $"http://127.0.0.1:{registry.Output.Split("port ")[1].Split(',')[0]}";
        string[] command = ["model-fetch", $"{address}/a/b@sha256:{new string('0', 64)}", "--allow", $"{address}/", "--key", folder.File("key.pub"), "--to", folder.File("llm"), "--deadline"];

        (await FleetProcess.RunAsync([.. command, "1"])).Should().Be(new FleetResult(1, $"{address}/a/b: deadline: the registry did not send everything within 1 s", ""));

        await using var waiting = FleetProcess.Start([.. command, "60", "--termination-log", folder.File("log")]);
        await Eventually.HoldsAsync(() => Directory.Exists(folder.File(".llm.incoming")), "the fetch has begun", () => waiting.Output);
        (await waiting.TerminateAsync()).Should().Be(new FleetResult(1, $"{address}/a/b: deadline: stopped before everything was there", ""));
        File.ReadAllText(folder.File("log")).Should().EndWith("stopped before everything was there");
        Directory.Exists(folder.File(".llm.incoming")).Should().BeFalse();
    }

    [Test]
    public async Task A_registry_is_honest_on_one_port_and_not_on_others()
    {
        using var model = new SignedModel().Sign();
        using var folder = new TestFolder();
        Copy(model.Path, folder.File("models/acme/llm/main"));
        string[] command = ["model-registry", "--models", folder.File("models"), "--port", "0", "--attacks"];
        await using var registry = FleetProcess.Start([.. command, "0:flipped-byte=config.json,0:truncated=config.json"]);
        await registry.SaysAsync("with the attack truncated=config.json");
        var ports = registry.Output.Split("port ")[1..].Select(o => o.Split(',', '\n')[0].Trim()).ToList();

        var results = await Task.WhenAll(ports.Select((port, n) =>
            FleetProcess.RunAsync("model-fetch", "--unverified", $"http://127.0.0.1:{port}/acme/llm", "--to", folder.File($"llm-{n}"))));

        results.Should().OnlyContain(r => r.ExitCode == 0);
        Enumerable.Range(0, 3).Select(n => File.ReadAllText(folder.File($"llm-{n}/config.json"))).Should().Equal("{}", "{|", "{");
        (await FleetProcess.RunAsync([.. command, "silent"])).Errors.Should().Contain("--attacks silent: expected PORT:KIND=VALUE");
    }

    private static async Task<FleetResult> VerifyAsync(SignedModel model, params string[] options) =>
        await FleetProcess.RunAsync(["verify-model", "--key", model.Beside("key.pub"), "--bundle", model.Bundle, .. options, model.Path]);

    private static string Digest(TestFolder folder, string tag) => Registry.ModelRevision.Read(folder.File($"models/acme/llm/{tag}")).Digest;

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
