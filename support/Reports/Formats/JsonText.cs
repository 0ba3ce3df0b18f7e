using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecuritySpecs.Reports.Formats;

/// <summary>How the JSON formats are written.</summary>
internal static class JsonText
{
    // Of this project: a random one.
    private static readonly Guid Names = new("6f1d0c52-7a1e-4a0b-9f3e-3c7f1d2b8a55");
    private static readonly JsonSerializerOptions Indented = new(Posture.JsonOptions) { WriteIndented = true };

    /// <summary>The text of a document.</summary>
    public static string Of(JsonNode document) => document.ToJsonString(Indented) + "\n";

    /// <summary>A time as RFC 3339 has it, in UTC and whole seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>64 hexadecimal digits that stand for a text.</summary>
    public static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A UUID by name (RFC 9562, version 5), for OSCAL takes none but 4 and 5: the same posture makes the same document.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Version 5 is SHA-1; it names, it protects nothing.")]
    public static string Uuid(string name)
    {
        var bytes = SHA1.HashData([.. Names.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)])[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x50);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
