namespace SecuritySpecs.NetworkAgent.Tests.Unit;

[TestFixture]
internal sealed class AddressSetTests
{
    [TestCase("10.0.0.0/30,10.0.0.4/30", "", "10.0.0.0-10.0.0.7")]
    [TestCase("10.0.0.0/24,10.0.0.128/25", "", "10.0.0.0-10.0.0.255")]
    [TestCase("10.0.0.1/32,10.0.0.3/32", "", "10.0.0.1, 10.0.0.3")]
    [TestCase("10.0.0.0/29", "10.0.0.0/32,10.0.0.7/32", "10.0.0.1-10.0.0.6")]
    [TestCase("10.0.0.0/29", "10.0.0.2/31,10.0.0.4/32", "10.0.0.0-10.0.0.1, 10.0.0.5-10.0.0.7")]
    [TestCase("10.0.0.0/24", "10.0.0.0/8", "")]
    [TestCase("10.0.0.0/24", "11.0.0.0/8", "10.0.0.0-10.0.0.255")]
    [TestCase("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0-255.255.255.255")]
    [TestCase("0.0.0.0/0", "255.255.255.255/32", "0.0.0.0-255.255.255.254")]
    [TestCase("255.255.255.255/32,0.0.0.0/0", "", "0.0.0.0-255.255.255.255")]
    public void Blocks_without_exceptions(string blocks, string except, string expected) =>
        Of(blocks).Except(Of(except)).ToString().Should().Be(expected);

    [Test]
    public void What_is_left_of_a_block_is_what_is_in_it_and_in_no_exception()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (kept, taken) = (Ranges(random), Ranges(random));
            var left = AddressSet.Of(kept).Except(AddressSet.Of(taken));
            for (uint address = 0; address < 64; address++)
                left.Contains(address).Should().Be(kept.Any(r => Holds(r, address)) && !taken.Any(r => Holds(r, address)), "{0} without {1}", string.Join(' ', kept), string.Join(' ', taken));
        }
    }

    [TestCase("10.0.0.0/8", true)]
    [TestCase("10.1.2.3/8", true)]
    [TestCase("10.0.0/8", false)]
    [TestCase("10.0.0.0", false)]
    [TestCase("10.0.0.0/-1", false)]
    [TestCase("10.0.0.0/33", false)]
    [TestCase("::/0", false)]
    [TestCase(null, false)]
    public void What_is_a_block_of_IPv4(string? text, bool isBlock) => AddressSet.Cidr(text).HasValue.Should().Be(isBlock);

    private static AddressSet Of(string blocks) => AddressSet.Of(blocks.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(b => AddressSet.Cidr(b)!.Value));

    private static List<AddressRange> Ranges(Random random) =>
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => (uint)random.Next(60)).Select(first => new AddressRange(first, first + (uint)random.Next(4)))];

    private static bool Holds(AddressRange range, uint address) => range.First <= address && address <= range.Last;
}
