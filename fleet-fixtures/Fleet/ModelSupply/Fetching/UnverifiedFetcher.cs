using System.Formats.Tar;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>
/// Fetches a model as a loader without verification does: by a name that can be moved, from whoever answers, straight into the folder
/// of the server, and an archive with whatever paths and links it has. A mistake, to be shown.
/// </summary>
internal static class UnverifiedFetcher
{
    /// <summary>Fetches.</summary>
    /// <exception cref="RefusedException">The registry does not have it.</exception>
    public static async Task<int> FetchAsync(FetchOrder order, CancellationToken limit)
    {
        using var registry = new RegistryClient(order.Source.Registry, followsAnybody: true);
        var revision = order.Source.Revision;
        if (!order.Source.IsPinned)
        {
            var tag = await registry.ReadAsync($"/{order.Source.Repository}/tags/{revision}", Listing.Largest, limit);
            revision = new JsonView(StrictJson.Parse(tag, "registry"), "the tag", "registry").Text("revision");
        }
        var path = $"/{order.Source.Repository}/revisions/{revision}";
        var view = new JsonView(StrictJson.Parse(await registry.ReadAsync(path, Listing.Largest, limit), Listing.What), "the listing", Listing.What);
        var files = view.Array("files").Select(f => f.Text("path")).ToList();
        Directory.CreateDirectory(order.Target);
        foreach (var file in files)
        {
            var target = Path.Combine(order.Target, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using var stream = File.Create(target);
            try
            {
                await registry.CopyAsync($"{path}/files/{Staging.Escape(file)}", stream, order.LargestBytes, limit);
            }
            catch (RefusedException e) when (e.What == "truncated")
            {
                Log.Line($"{Printable.Line(file, 200)}: {e.Message}; kept all the same");
            }
        }
        if (order.Archive is not null)
            await UnpackAsync(Path.Combine(order.Target, order.Archive), order.Target, limit);
        return files.Count;
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken limit)
    {
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(cancellationToken: limit) is { } entry)
        {
            var path = Path.Combine(folder, entry.Name);
            Directory.CreateDirectory(entry.EntryType == TarEntryType.Directory ? path : Path.GetDirectoryName(path)!);
            if (entry.EntryType == TarEntryType.SymbolicLink)
            {
                File.CreateSymbolicLink(path, entry.LinkName);
            }
            else if (entry.EntryType != TarEntryType.Directory)
            {
                await using var file = File.Create(path);
                if (entry.DataStream is not null)
                    await entry.DataStream.CopyToAsync(file, limit);
            }
        }
    }
}
