using System.Reflection;

namespace SecuritySpecs.Reports.Html;

/// <summary>A text that is markup already.</summary>
/// <param name="Html">The markup; null for none.</param>
internal readonly record struct Raw(string? Html);

/// <summary>How the parts of the page are written.</summary>
internal static class Markup
{
    /// <summary>Adds a part. Each value in it becomes text, whatever it holds, unless it is <see cref="Raw"/>.</summary>
    public static void Add(this StringBuilder page, FormattableString part) => page.AppendFormat(Encoder.Instance, part.Format, part.GetArguments());

    /// <summary>A part by itself.</summary>
    public static Raw Html(FormattableString part) => new(part.ToString(Encoder.Instance));

    /// <summary>The parts together.</summary>
    public static Raw Join(IEnumerable<Raw> parts, string between = "") => new(string.Join(between, parts.Select(p => p.Html)));

    /// <summary>A verdict as a word, which is also the class of its colour.</summary>
    public static string Word(Enum status) => status.ToString().ToLowerInvariant();

    /// <summary>A file beside this one.</summary>
    public static Raw Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(Markup).Namespace}.{name}")!;
        using var reader = new StreamReader(stream);
        return new(reader.ReadToEnd());
    }

    private sealed class Encoder : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoder Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Raw raw => raw.Html ?? "",
            IFormattable value => WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}
