using System.Buffers;

namespace SecuritySpecs.Kube.Files;

/// <summary>A text file that a person wrote: UTF-8, of at most 4 MiB, without control characters.</summary>
public static class TextFile
{
    private const int MostBytes = 4 << 20;
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c).Except(['\t', '\n', '\r'])]);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">The file as its author knows it, for messages.</param>
    /// <exception cref="BadInputException">It is missing, cannot be read, or is no such text.</exception>
    public static string Read(string path, string name)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (file.Read(buffer) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > MostBytes)
                    break; // A device that never ends, for example; Decode refuses what is too long.
            }

            return Decode(name, bytes.ToArray());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException(name, 0, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(name, 0, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>The text of a file's bytes.</summary>
    /// <exception cref="BadInputException">They are no such text.</exception>
    internal static string Decode(string name, byte[] bytes)
    {
        if (bytes.Length > MostBytes)
            throw new BadInputException(name, 1, "is larger than 4 MiB, which no file of this kind is");
        string text;
        try
        {
            text = Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length));
            throw new BadInputException(name, 1 + before.Count((byte)'\n'), "is no UTF-8 text: save the file as UTF-8");
        }

        var control = text.AsSpan().IndexOfAny(Controls);
        return control < 0 ? text
            : throw new BadInputException(name, 1 + text.AsSpan(0, control).Count('\n'), $"has a control character (U+{(int)text[control]:X4}): remove it");
    }
}
