namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>A file in an archive.</summary>
/// <param name="Name">Its path, with <c>/</c> and relative.</param>
/// <param name="Content">Its bytes as they are stored.</param>
/// <param name="Size">How many it has when it is unpacked.</param>
/// <param name="IsDeflated">Whether it is compressed.</param>
/// <param name="Crc">The CRC-32 that the archive gives, or null.</param>
internal sealed record ArchiveMember(string Name, ByteSource Content, long Size, bool IsDeflated = false, uint? Crc = null);
