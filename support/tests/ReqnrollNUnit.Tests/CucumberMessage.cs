using System.Reflection;
using System.Text.Json.Serialization;
using Io.Cucumber.Messages.Types;

namespace ReqnrollNUnit.Tests;

/// <summary>
/// Reads Cucumber messages as strictly as their JSON schema is, from which the package's types are generated: an unknown member, a
/// missing one, another type of value and an unknown word of an enumeration are errors. The package has no schema in it.
/// </summary>
internal static class CucumberMessage
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new Words() },
    };

    /// <exception cref="JsonException">It is no Cucumber message.</exception>
    /// <exception cref="ArgumentNullException">A required member is missing.</exception>
    public static Envelope Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.EnumerateObject().Count() == 1
            ? json.Deserialize<Envelope>(Strict)!
            : throw new JsonException($"An envelope holds one message: {line}");
    }

    /// <summary>The words of an enumeration are the descriptions of its members.</summary>
    private sealed class Words : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Word<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class Word<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<string, T> Members = Enum.GetValues<T>()
            .ToDictionary(m => typeof(T).GetField(m.ToString())!.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()!.Description);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Members.TryGetValue(reader.GetString()!, out var member) ? member : throw new JsonException($"No {typeof(T).Name}: {reader.GetString()}");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
