namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class PodFileTests
{
    [TestCase("-r-------- 1 0 0 32 Nov 28 19:20 /run/scenario/token\n", "0400", 0, 0)]
    [TestCase("-rw--w---- 1 0 0 32 Nov 28 19:20 /run/scenario/token\n", "0620", 0, 0)]
    [TestCase("-r--r-----. 1 0 65534 32 Nov 28 19:20 /keys/a\n", "0440", 0, 65534)]
    [TestCase("-rwxr-xr-x+ 12 1000 100 7 Jan  1  2020 a\n", "0755", 1000, 100)]
    [TestCase("---------- 1 0 0 0 Jan  1  2020 a\n", "0000", 0, 0)]
    public void A_line_of_ls_tells_mode_and_owner(string line, string mode, int user, int group) => PodFile.Parse(line).Should().Be(new PodFile(mode, user, group));

    [TestCase("lrwxrwxrwx 1 0 0 12 Nov 28 19:20 token -> ..data/token")]
    [TestCase("drwxrwxrwt 3 0 0 100 Nov 28 19:20 /run/scenario")]
    [TestCase("-rwsr-xr-x 1 0 0 7 Jan  1  2020 a")]
    [TestCase("-r-------- 1 root root 32 Nov 28 19:20 token")]
    [TestCase("")]
    public void Anything_else_is_refused(string line)
    {
        var parse = () => PodFile.Parse(line);

        parse.Should().Throw<FormatException>().WithMessage($"*\"{line}\"");
    }
}
