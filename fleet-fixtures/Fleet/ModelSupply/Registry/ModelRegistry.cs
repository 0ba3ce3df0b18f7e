using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.ModelSupply.Registry;

/// <summary>
/// Answers for repositories of models: a tag names a revision, a revision's name is the digest of its listing, and the listing has the
/// digest of each file. It asks nobody for a name or a key, as public hubs do not for public models.
/// </summary>
/// <param name="folder">Folders OWNER/NAME/TAG with the files of the tag's revision.</param>
/// <param name="attack">What it does that is not in good faith.</param>
internal sealed class ModelRegistry(string folder, RegistryAttack attack)
{
    private static readonly TimeSpan s_slowness = TimeSpan.FromSeconds(1);

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (attack.Kind == RegistryAttack.Silent)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (!HttpMethods.IsGet(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (context.Request.Path.Value!.Split('/', 7) is not ["", var owner, var name, .. var rest])
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await AnswerAsync(context, attack.Replace(RegistryAttack.NameTakenOver, $"{owner}/{name}"), rest);
    }

    private async Task AnswerAsync(HttpContext context, string repository, string[] rest)
    {
        var revisions = Revisions(repository);
        switch (rest)
        {
            case ["tags", var tag] when revisions.GetValueOrDefault(attack.Replace(RegistryAttack.MovedTag, tag)) is { } named:
                await context.Response.WriteAsync(new JsonObject { ["revision"] = named.Digest }.ToJsonString(), context.RequestAborted);
                break;
            case ["revisions", _] when attack.Kind == RegistryAttack.OtherListing && revisions.GetValueOrDefault(attack.Value) is { } other:
                await context.Response.Body.WriteAsync(other.Listing, context.RequestAborted);
                break;
            case ["revisions", var digest] when ByDigest(revisions, digest) is { } revision:
                await context.Response.Body.WriteAsync(revision.Listing, context.RequestAborted);
                break;
            case ["revisions", var digest, "files", var file] when ByDigest(revisions, digest)?.PathOf(file) is { } path:
                await SendAsync(context, file, await File.ReadAllBytesAsync(path, context.RequestAborted));
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task SendAsync(HttpContext context, string file, byte[] bytes)
    {
        if (attack.Kind == RegistryAttack.Redirect)
        {
            context.Response.Redirect(attack.Value + context.Request.Path.ToUriComponent());
            return;
        }
        if (attack.Hits(RegistryAttack.FlippedByte, file))
            bytes[^1] ^= 1;
        context.Response.ContentLength = bytes.Length;
        if (attack.Hits(RegistryAttack.Truncated, file))
        {
            // Less than was announced: the server ends the connection.
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        }
        else if (attack.Hits(RegistryAttack.Slow, file))
        {
            foreach (var one in bytes)
            {
                await context.Response.Body.WriteAsync(new[] { one }, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(s_slowness, context.RequestAborted);
            }
        }
        else
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    // Read for each request: models are small here, and a test may add a tag.
    private Dictionary<string, ModelRevision> Revisions(string repository)
    {
        var path = Path.GetFullPath(Path.Combine(folder, repository));
        return path.StartsWith(Path.GetFullPath(folder) + "/", StringComparison.Ordinal) && Directory.Exists(path)
            ? Directory.GetDirectories(path).Where(d => !Path.GetFileName(d).StartsWith("..", StringComparison.Ordinal))
                .ToDictionary(d => Path.GetFileName(d), ModelRevision.Read, StringComparer.Ordinal)
            : [];
    }

    private static ModelRevision? ByDigest(Dictionary<string, ModelRevision> revisions, string digest) => revisions.Values.FirstOrDefault(r => r.Digest == digest);
}
