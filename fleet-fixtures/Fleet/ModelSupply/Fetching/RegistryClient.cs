using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>Reads from a registry, within bounds: no other host, no more bytes than expected, and no longer than allowed.</summary>
/// <param name="registry">The registry's address.</param>
/// <param name="followsAnybody">Follows redirects to other hosts: a mistake, to be shown.</param>
internal sealed class RegistryClient(Uri registry, bool followsAnybody) : IDisposable
{
    private const int MostRedirects = 3;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Reads a small document.</summary>
    /// <exception cref="RefusedException">It is not there, or too large.</exception>
    public async Task<byte[]> ReadAsync(string path, int largest, CancellationToken limit)
    {
        using var bytes = new MemoryStream();
        await CopyAsync(path, bytes, largest, limit);
        return bytes.ToArray();
    }

    /// <summary>Copies what the registry sends.</summary>
    /// <returns>How many bytes it were.</returns>
    /// <exception cref="RefusedException">It is not there, or more than <paramref name="largest"/> bytes, or less than announced.</exception>
    public async Task<long> CopyAsync(string path, Stream to, long largest, CancellationToken limit)
    {
        using var answer = await GetAsync(new Uri(registry, path), limit);
        var buffer = new byte[64 * 1024];
        var copied = 0L;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(limit);
            while (await body.ReadAsync(buffer, limit) is > 0 and var read)
            {
                copied += read;
                if (copied > largest)
                    throw new RefusedException("registry", $"the registry sends more than {largest} bytes for {Printable.Line(path, 200)}");
                await to.WriteAsync(buffer.AsMemory(0, read), limit);
            }
        }
        catch (Exception e) when (e is HttpIOException or IOException { InnerException: System.Net.Sockets.SocketException })
        {
            throw new RefusedException("truncated", $"the registry ended {Printable.Line(path, 200)} after {copied} bytes: {e.Message}");
        }
        return copied;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> GetAsync(Uri address, CancellationToken limit)
    {
        for (var redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer;
            try
            {
                answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit);
            }
            catch (HttpRequestException e)
            {
                throw new RefusedException("registry", $"the registry cannot be asked for {Printable.Line(address.ToString(), 200)}: {e.Message}");
            }
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                if ((int)answer.StatusCode is < 300 or >= 400 || answer.Headers.Location is not { } location)
                    throw new RefusedException("registry", $"the registry answers {(int)answer.StatusCode} for {Printable.Line(address.AbsolutePath, 200)}");
                var next = new Uri(address, location);
                var (host, own) = (next.GetLeftPart(UriPartial.Authority), registry.GetLeftPart(UriPartial.Authority));
                if (!followsAnybody && host != own)
                    throw new RefusedException("redirect", $"the registry sends us to {Printable.Line(host, 200)}; only {own} is allowed");
                address = redirects < MostRedirects ? next : throw new RefusedException("redirect", $"more than {MostRedirects} redirects");
            }
        }
    }
}
