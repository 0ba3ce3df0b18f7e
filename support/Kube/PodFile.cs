namespace SecuritySpecs.Kube;

/// <summary>Who may do what with a file, as a container sees it.</summary>
/// <param name="Mode">Four octal digits, for example <c>0400</c>.</param>
/// <param name="User">The number of the user that it belongs to.</param>
/// <param name="Group">The number of the group that it belongs to.</param>
public sealed partial record PodFile(string Mode, int User, int Group)
{
    /// <summary>Reads a line of <c>ls -ln</c> about a regular file.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PodFile Parse(string line)
    {
        if (Listing().Match(line) is not { Success: true } match)
            throw new FormatException($"No line of ls -ln about a regular file: \"{line}\"");
        var mode = match.Groups["mode"].Value.Aggregate(0, (bits, letter) => bits << 1 | (letter == '-' ? 0 : 1));
        return new(Convert.ToString(mode, 8).PadLeft(4, '0'), Number("user"), Number("group"));

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    // A sticky bit or the like has letters of its own, and is refused. The dot or the plus tells of SELinux or of an ACL.
    [GeneratedRegex(@"^-(?<mode>([r-][w-][x-]){3})[.+]? +[0-9]+ +(?<user>[0-9]+) +(?<group>[0-9]+) ")]
    private static partial Regex Listing();
}
