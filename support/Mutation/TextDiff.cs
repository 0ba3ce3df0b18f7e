namespace SecuritySpecs.Mutation;

/// <summary>What changed between two texts, line by line, with two lines around each change.</summary>
internal static class TextDiff
{
    private const int Around = 2;

    /// <summary>The lines that went (<c>-</c>), that came (<c>+</c>), and those around them. Empty where the texts are equal.</summary>
    public static string Of(string before, string after)
    {
        var lines = Lines(before.TrimEnd('\n').Split('\n'), after.TrimEnd('\n').Split('\n'));
        var shown = new bool[lines.Count];
        for (var n = 0; n < lines.Count; n++)
        {
            for (var near = n - Around; lines[n].Mark != ' ' && near <= n + Around; near++)
            {
                if (near >= 0 && near < lines.Count)
                    shown[near] = true;
            }
        }

        var text = new StringBuilder();
        for (var n = 0; n < lines.Count; n++)
        {
            if (!shown[n])
                continue;
            if (n > 0 && !shown[n - 1])
                text.Append("...\n");
            text.Append(lines[n].Mark).Append(' ').Append(lines[n].Text).Append('\n');
        }

        return text.ToString();
    }

    // By the longest common subsequence.
    private static List<(char Mark, string Text)> Lines(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var b = before.Length - 1; b >= 0; b--)
        {
            for (var a = after.Length - 1; a >= 0; a--)
                common[b, a] = before[b] == after[a] ? common[b + 1, a + 1] + 1 : Math.Max(common[b + 1, a], common[b, a + 1]);
        }

        var lines = new List<(char, string)>();
        var (x, y) = (0, 0);
        while (x < before.Length || y < after.Length)
        {
            if (x < before.Length && y < after.Length && before[x] == after[y])
            {
                lines.Add((' ', before[x++]));
                y++;
            }
            else if (y == after.Length || (x < before.Length && common[x + 1, y] >= common[x, y + 1]))
                lines.Add(('-', before[x++]));
            else
                lines.Add(('+', after[y++]));
        }

        return lines;
    }
}
