using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>A file of a revision.</summary>
internal sealed record ListedFile(string Path, long Size, string Sha256);

/// <summary>The files of a revision. Its bytes' SHA-256 is the revision's name, so whoever pins the name pins every file.</summary>
internal static class Listing
{
    /// <summary>The kind of the findings about it.</summary>
    public const string What = "listing";

    /// <summary>The largest listing.</summary>
    public const int Largest = 32 * 1024 * 1024;

    /// <summary>Writes a listing.</summary>
    public static byte[] Write(IEnumerable<ListedFile> files)
    {
        var array = new JsonArray();
        foreach (var file in files)
            array.Add((JsonNode)new JsonObject { ["path"] = file.Path, ["size"] = file.Size, ["sha256"] = file.Sha256 });
        return Encoding.UTF8.GetBytes(new JsonObject { ["files"] = array }.ToJsonString());
    }

    /// <summary>Reads a listing.</summary>
    /// <exception cref="RefusedException">It is none, or a file would be written outside the model.</exception>
    public static IReadOnlyList<ListedFile> Read(byte[] listing)
    {
        var names = new MemberNames(What);
        var files = new List<ListedFile>();
        foreach (var file in new JsonView(StrictJson.Parse(listing, What), "the listing", What).Array("files"))
        {
            names.Add(file.Text("path"));
            files.Add(new(file.Text("path"), file.Count("size"), file.Text("sha256")));
        }
        names.MustDiffer();
        return files;
    }
}
