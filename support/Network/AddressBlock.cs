namespace SecuritySpecs.Network;

/// <summary>A range of addresses as <c>ADDRESS/BITS</c>; what the address has beyond these bits is of no account, as in Kubernetes.</summary>
internal sealed class AddressBlock
{
    private readonly byte[] _address;
    private readonly int _bits;

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public AddressBlock(string cidr)
    {
        var parts = cidr.Split('/');
        _address = IPAddress.Parse(parts[0]).GetAddressBytes();
        _bits = int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether an address is in the range; one of the other family is not.</summary>
    public bool Contains(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == _address.Length && Enumerable.Range(0, _bits).All(i => Bit(bytes, i) == Bit(_address, i));
    }

    private static int Bit(byte[] bytes, int index) => (bytes[index / 8] >> (7 - (index % 8))) & 1;
}
