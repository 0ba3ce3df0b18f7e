namespace Specs.Tests;

/// <summary>As much of an API server as tells that a run works on it: the lease of that run.</summary>
public sealed class FakeLeases : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string run;

    public FakeLeases(string run)
    {
        this.run = run;
        Address = $"http://127.0.0.1:{FakeEngine.FreePort()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = ServeAsync();
    }

    /// <summary>As a kubeconfig has it.</summary>
    public string Address { get; }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                var lease = new { metadata = new { name = "security-specs-run-" + run }, spec = new { holderIdentity = run, renewTime = DateTime.UtcNow.ToString("O") } };
                call.Response.ContentType = "application/json";
                call.Response.Close(JsonSerializer.SerializeToUtf8Bytes(new { items = new[] { lease } }), willBlock: true);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // closed
        }
    }
}
