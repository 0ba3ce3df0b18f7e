using System.Numerics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Files;

/// <summary>
/// What a scalar means to kubectl. It reads YAML 1.1 as Go's yaml.v2 does: 0400 and 0o400 are 256, yes, on and y are true.
/// Quotes and block styles make a text of anything. A date is a text, and so is 1:30 (no base 60).
/// </summary>
internal static partial class YamlScalar
{
    private const string TextTag = "tag:yaml.org,2002:str";

    private const string Bases =
        "(?<prefix>)(?<digits>0|[1-9][0-9]*)|(?<prefix>0[oO]?)(?<digits>[0-7]+)|(?<prefix>0[bB])(?<digits>[01]+)|(?<prefix>0[xX])(?<digits>[0-9a-fA-F]+)";

    /// <summary>The value of a scalar.</summary>
    /// <returns>null, a bool, a long, a ulong beyond every long, a double, or a string.</returns>
    /// <exception cref="NotSupportedException">It has a tag other than <c>!!str</c>.</exception>
    public static object? Read(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (!scalar.Tag.IsEmpty)
            return scalar.Tag.Value == TextTag ? text : throw new NotSupportedException($"the tag {scalar.Tag.Value} is not read here; the only one is !!str");
        return scalar.Style == ScalarStyle.Plain ? Plain(text) : text;
    }

    private static object? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        ['.', ..] => (object?)(Fraction().IsMatch(text) ? Float(Ungrouped(text)) : null) ?? text,
        ['+' or '-' or (>= '0' and <= '9'), ..] => Number(Ungrouped(text)) ?? text,
        _ => text,
    };

    // 1_000 is 1000.
    private static string Ungrouped(string text) => text.Replace("_", "", StringComparison.Ordinal);

    private static object? Number(string text)
    {
        if (Whole(text) is { } whole)
        {
            if (whole >= long.MinValue && whole <= long.MaxValue)
                return (long)whole;
            if (whole > 0 && whole <= ulong.MaxValue && text[0] != '+')
                return (ulong)whole;
        }

        return Decimal().IsMatch(text) ? Float(text) : null;
    }

    // A 0 in front makes it octal. With an 8 or a 9 in it, it is none, and 089 is read as a decimal float.
    private static BigInteger? Whole(string text)
    {
        if (WholeNumber().Match(text) is not { Success: true } match)
            return null;
        var @base = match.Groups["prefix"].Value switch { "0b" or "0B" => 2, "0x" or "0X" => 16, "0" or "0o" or "0O" => 8, _ => 10 };
        var value = match.Groups["digits"].Value.Aggregate(BigInteger.Zero, (sum, digit) => sum * @base + Convert.ToInt32(digit.ToString(), 16));
        return match.Groups["sign"].Value == "-" ? -value : value;
    }

    // One that is too large for a double is none.
    private static double? Float(string text)
    {
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : null;
    }

    [GeneratedRegex($@"^(?<sign>[-+]?)({Bases})\z")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?\z")]
    private static partial Regex Fraction();
}
