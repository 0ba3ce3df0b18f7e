using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>The server without verification really runs what a pickle says: otherwise nothing would show that the verifier is needed.</summary>
[TestFixture]
public sealed class LoaderTests
{
    private static byte[] Payload(string marker) => Pickle.Protocol(4).Frame(f => f.StackGlobal("posix", "system").Memoize().Short($"touch {marker}").Memoize().Raw(0x85).Memoize().Text("R").Memoize().Text(".")).Bytes;

    [TestCase("model.pkl", "pickle")]
    [TestCase("model.bin", "archive")]
    [TestCase("model.pkl", "text")]
    public async Task A_payload_runs_and_leaves_its_marker_where_nothing_verifies(string file, string form)
    {
        using var folder = new TestFolder();
        var marker = folder.File("marker");
        var payload = form == "text" ? new Pickle().Text($"cos\nsystem\n(S'touch {marker}'\ntR.").Bytes : Payload(marker);
        Directory.CreateDirectory(folder.File("llm"));
        await File.WriteAllBytesAsync(folder.File($"llm/{file}"), form == "archive" ? Zip.Torch(payload) : payload);
        FormatTests.Check(file, await File.ReadAllBytesAsync(folder.File($"llm/{file}"))).Should().ContainSingle().Which.Why.Should().Contain(".system");

        await using var loader = FleetProcess.Start("model-loader", "--model", folder.File("llm"), "--port", "0");
        await loader.SaysAsync("1 files loaded, answering on port ");

        File.Exists(marker).Should().BeTrue();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{loader.Output.Split("port ")[1].Trim()}") };
        (await http.GetStringAsync("/health")).Should().Be("ok\n");
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(folder.File($"llm/{file}"))));
        (await http.GetStringAsync("/model")).Should().Be($"{digest}  {file}\n");
    }

    [Test]
    public async Task Without_a_model_it_does_not_start()
    {
        using var folder = new TestFolder();

        (await FleetProcess.RunAsync("model-loader", "--model", folder.File("llm"))).Should().Be(new FleetResult(1, "", $"fleet model-loader: there is no model in {folder.File("llm")}"));
    }
}
