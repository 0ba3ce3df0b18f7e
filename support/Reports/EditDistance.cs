namespace SecuritySpecs.Reports;

/// <summary>How far two texts are from each other, to tell what somebody may have meant.</summary>
internal static class EditDistance
{
    /// <summary>How many characters are to be inserted, removed or replaced to make one text of the other (Levenshtein).</summary>
    public static int Between(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
