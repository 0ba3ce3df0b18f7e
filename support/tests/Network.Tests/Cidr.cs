using System.Buffers.Binary;

namespace SecuritySpecs.Network.Tests;

/// <summary>Blocks of IPv4 addresses, for policies.</summary>
internal static class Cidr
{
    /// <summary>The block of so many bits that an address is in.</summary>
    public static string Of(IPAddress address, int bits)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
        var masked = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(masked, bits == 0 ? 0 : number & (uint.MaxValue << (32 - bits)));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(masked)}/{bits}");
    }
}
