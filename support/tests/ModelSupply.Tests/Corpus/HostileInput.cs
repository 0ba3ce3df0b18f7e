namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;

/// <summary>A file that has to be refused.</summary>
/// <param name="Class">The class of bypass that it is of.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="File">What it is called in a model.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="What">The kind of the finding.</param>
/// <param name="Why">What the finding's message has to contain.</param>
/// <param name="Where">The file that the finding names, where it is a member of an archive.</param>
internal sealed record HostileInput(string Class, string Name, string File, byte[] Bytes, string What, string Why, string? Where = null)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<HostileInput> All =
        [.. HostileImports.All(), .. HostilePickles.All(), .. HostileZips.All(), .. HostileTars.All(), .. HostileTensors.All(), .. HostileDocuments.All()];

    /// <inheritdoc/>
    public override string ToString() => $"{Class}: {Name}";
}

/// <summary>A file that looks like a hostile one, and may be loaded.</summary>
internal sealed record PlainInput(string Name, string File, byte[] Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
