using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>What is fetched, and what has to hold for it.</summary>
/// <param name="Source">The model.</param>
/// <param name="Sources">The allowed sources.</param>
/// <param name="Target">The folder that the model becomes; it must not be there.</param>
/// <param name="Bundle">The signature's name in the model.</param>
/// <param name="Archive">The tar archive in the revision that has the model in it; null where the revision's files are the model.</param>
/// <param name="LargestBytes">The most that is fetched.</param>
internal sealed record FetchOrder(ModelSource Source, IReadOnlyCollection<string> Sources, string Target, string Bundle, string? Archive, long LargestBytes);

/// <summary>
/// Fetches a model into a folder that appears whole or not at all: everything happens in a hidden folder beside it, which is renamed
/// at the end. A server that starts when the folder is there never sees a part of a model, nor one that was refused.
/// </summary>
/// <param name="order">What is fetched.</param>
/// <param name="verifier">Judges the model in the hidden folder.</param>
internal sealed class ModelFetcher(FetchOrder order, ModelVerifier verifier)
{
    private const string Source = "source", Revision = "revision";

    /// <summary>Fetches and verifies.</summary>
    /// <param name="limit">The deadline.</param>
    /// <returns>The verdict; without findings the model is in its place.</returns>
    public async Task<Verdict> FetchAsync(CancellationToken limit)
    {
        var incoming = Staging.Begin(order.Target);
        try
        {
            var verdict = await FetchIntoAsync(incoming, limit);
            if (verdict.Findings.Count == 0)
                Directory.Move(incoming, order.Target);
            return verdict;
        }
        catch (RefusedException e)
        {
            return new([new(order.Source.Address, e.What, e.Message)], [], 0);
        }
        finally
        {
            Staging.Remove(incoming);
        }
    }

    private async Task<Verdict> FetchIntoAsync(string incoming, CancellationToken limit)
    {
        if (!order.Source.IsAllowedBy(order.Sources))
            throw new RefusedException(Source, $"{order.Source.Address} is not on the list of allowed sources");
        if (!order.Source.IsPinned)
            throw new RefusedException(Revision, $"'{order.Source.Revision}' is a name that its owner, or the next owner of it, can move; a digest sha256:... is expected");
        using var registry = new RegistryClient(order.Source.Registry, followsAnybody: false);
        var path = $"/{order.Source.Repository}/revisions/{order.Source.Revision}";
        var bytes = await registry.ReadAsync(path, Listing.Largest, limit);
        if (ModelSource.DigestOf(bytes) is var digest && digest != order.Source.Revision)
            throw new RefusedException(Revision, $"the registry sends a listing with the digest {digest}; {order.Source.Revision} is pinned");
        var files = Listing.Read(bytes);
        if (files.Aggregate((Int128)0, (sum, f) => sum + f.Size) is var size && size > order.LargestBytes)
            throw new RefusedException(Listing.What, $"the model has {size} bytes; at most {order.LargestBytes} are allowed");
        var findings = new List<Finding>();
        foreach (var file in files)
            await FetchFileAsync(registry, path, file, incoming, findings, limit);
        if (findings.Count > 0)
            return new(findings, [], 0);
        if (order.Archive is not null)
            Unpack(Path.Combine(incoming, order.Archive), incoming);
        return verifier.Verify(incoming, Path.Combine(incoming, order.Bundle));
    }

    private static async Task FetchFileAsync(RegistryClient registry, string path, ListedFile file, string incoming, List<Finding> findings, CancellationToken limit)
    {
        var target = Path.Combine(incoming, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            await using (var stream = File.Create(target))
            {
                if (await registry.CopyAsync($"{path}/files/{Staging.Escape(file.Path)}", stream, file.Size, limit) is var size && size != file.Size)
                    throw new RefusedException("truncated", $"the registry sends {size} bytes; {file.Size} are listed");
            }
            using var handle = File.OpenHandle(target);
            if (ModelFiles.Digest(new FileBytes(handle), 0, file.Size) is var digest && digest != file.Sha256)
                throw new RefusedException("changed", $"has the SHA-256 {digest}; {file.Sha256} is listed in the pinned revision");
        }
        catch (RefusedException e)
        {
            findings.Add(new(file.Path, e.What, e.Message));
        }
    }

    private static void Unpack(string archive, string folder)
    {
        if (!FileKind.IsPlain(archive))
            throw new RefusedException(TarDirectory.What, $"the revision has no archive {Printable.Line(Path.GetFileName(archive), 100)}");
        using (var handle = File.OpenHandle(archive))
        {
            var bytes = new FileBytes(handle);
            if (!TarDirectory.Fits(bytes.Head(512)))
                throw new RefusedException(TarDirectory.What, $"{Printable.Line(Path.GetFileName(archive), 100)} is no tar archive");
            foreach (var member in TarDirectory.Read(bytes))
                Staging.Write(Path.Combine(folder, member.Name), member.Content);
        }
        File.Delete(archive);
    }
}
