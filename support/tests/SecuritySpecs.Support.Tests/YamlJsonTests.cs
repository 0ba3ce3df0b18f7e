using System.Text.Encodings.Web;
using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Tests;

/// <summary>
/// A manifest means here what it means to kubectl. The expected JSON below is what sigs.k8s.io/yaml, kubectl's reader, makes of
/// the same text.
/// </summary>
[TestFixture]
public sealed class YamlJsonTests
{
    [TestCase("0400", "256")]
    [TestCase("0o400", "256")]
    [TestCase("0O400", "256")]
    [TestCase("-0400", "-256")]
    [TestCase("+0400", "256")]
    [TestCase("0_400", "256")]
    [TestCase("00", "0")]
    [TestCase("0777777777777777777777", "9223372036854775807")]
    public void A_number_that_begins_with_a_zero_is_octal(string yaml, string json) => Read(yaml).Should().Be(json);

    [TestCase("08", "8")]
    [TestCase("0800", "800")]
    [TestCase("-09", "-9")]
    [TestCase("089.5", "89.5")]
    public void With_an_8_or_a_9_it_is_decimal(string yaml, string json) => Read(yaml).Should().Be(json);

    [TestCase("0", "0")]
    [TestCase("+5", "5")]
    [TestCase("-5", "-5")]
    [TestCase("1_000", "1000")]
    [TestCase("0x1F", "31")]
    [TestCase("0Xff", "255")]
    [TestCase("0b101", "5")]
    [TestCase("-0B11", "-3")]
    [TestCase("9223372036854775807", "9223372036854775807")]
    [TestCase("-9223372036854775808", "-9223372036854775808")]
    [TestCase("9223372036854775808", "9223372036854775808")]
    [TestCase("18446744073709551615", "18446744073709551615")]
    public void A_whole_number_keeps_all_of_its_digits_up_to_64_bits(string yaml, string json) => Read(yaml).Should().Be(json);

    [TestCase("18446744073709551616", 18446744073709551616d)]
    [TestCase("-9223372036854775809", -9223372036854775809d)]
    [TestCase("1e21", 1e21)]
    [TestCase("0.5", 0.5)]
    [TestCase(".5", 0.5)]
    [TestCase("+.5e-1", 0.05)]
    [TestCase("1_0.2_5", 10.25)]
    [TestCase(".1_5", 0.15)]
    public void A_larger_one_and_a_fraction_are_doubles(string yaml, double value) => JsonNode.Parse(Read(yaml))!.GetValue<double>().Should().Be(value);

    [TestCase("1e3", "1000")]
    [TestCase("1.", "1")]
    [TestCase("5.0", "5")]
    [TestCase("1e16", "10000000000000000")]
    public void A_double_without_a_fraction_is_written_as_an_integer(string yaml, string json) => Read(yaml).Should().Be(json);

    [Test]
    public void Yes_and_on_and_y_are_true_in_each_of_three_spellings(
        [Values("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE")] string yaml) => Read(yaml).Should().Be("true");

    [Test]
    public void No_and_off_and_n_are_false_in_each_of_three_spellings(
        [Values("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE")] string yaml) => Read(yaml).Should().Be("false");

    [Test]
    public void Nothing_and_a_tilde_and_null_are_null([Values("", "~", "null", "Null", "NULL")] string yaml) => Read(yaml).Should().Be("null");

    [Test]
    public void Quotes_and_block_styles_and_the_tag_str_make_a_text_of_anything(
        [Values("0400", "0o400", "yes", "off", "~", "5", "0.5", ".inf")] string text,
        [Values("'{0}'", "\"{0}\"", "!!str {0}", "|-\n  {0}", ">-\n  {0}")] string style) =>
        Read(style.Replace("{0}", text, StringComparison.Ordinal)).Should().Be($"\"{text}\"");

    [Test]
    public void Whatever_else_is_a_text(
        [Values("2001-12-14", "2001-12-14T21:59:43Z", "190:20:30", "1:30.5", "1.20.2", "10m", "0.5Gi", "1e400", "1_0e400", "0x", "0b2", "0o8", "0xfg", ".", ".e3", "._1",
            "nULL", "yEs", "oN", "infinity", "NaN", "1e", "_1", "٣", "1٣")] string text) => Read(text).Should().Be($"\"{text}\"");

    [TestCase("0400: x", "256")]
    [TestCase("'0400': x", "0400")]
    [TestCase("on: x", "true")]
    [TestCase("No: x", "false")]
    [TestCase("8080: x", "8080")]
    [TestCase("a-b: x", "a-b")]
    public void A_key_is_read_like_a_value_and_then_made_a_text(string entry, string key) => Read($"{{{entry}}}").Should().Be($$"""{"{{key}}":"x"}""");

    [TestCase("{<<: {a: 1, b: 2}, b: 3}", """{"a":1,"b":3}""")]
    [TestCase("{<<: [{a: 1}, {a: 2, b: 2}]}", """{"a":1,"b":2}""")]
    [TestCase("{'<<': {a: 1}}", """{"<<":{"a":1}}""")]
    public void A_merge_brings_in_what_the_mapping_does_not_have(string yaml, string json) => Read(yaml).Should().Be(json);

    [Test]
    public void An_anchor_stands_for_the_same_value_wherever_it_is_used() =>
        Read("[&mode 0400, *mode, {<<: &more {a: yes}}, {<<: *more}]").Should().Be("""[256,256,{"a":true},{"a":true}]""");

    [TestCase(".inf", "JSON has no number .inf")]
    [TestCase("-.INF", "JSON has no number -.INF")]
    [TestCase(".NaN", "JSON has no number .NaN")]
    [TestCase("{~: x}", "expected a text as the key, but found ~")]
    [TestCase("{1.5: x}", "expected a text as the key, but found 1.5")]
    [TestCase("{18446744073709551615: x}", "expected a text as the key, but found 18446744073709551615")]
    [TestCase("{[a]: x}", "expected a text as the key, but found [ a ]")]
    [TestCase("{yes: x, true: y}", "the key \"true\" is there twice")]
    [TestCase("{<<: 5}", "expected a mapping or a list of mappings to merge")]
    [TestCase("!!binary aGk=", "the tag tag:yaml.org,2002:binary is not read here")]
    [TestCase("!mode 0400", "the tag !mode is not read here")]
    public void What_JSON_cannot_say_is_refused_with_its_line(string yaml, string problem)
    {
        var read = () => Read(yaml);

        read.Should().Throw<BadInputException>().Which.Message.Should().StartWith("a.yaml:4: ").And.Contain(problem);
    }

    [Test]
    public void A_number_of_the_project_s_own_files_is_read_in_the_same_way()
    {
        var file = new YamlFile("own.yaml");
        var map = file.Parse("a: 010\nb: '8'\nc: yes\nd: 2147483648");

        file.Number(map["a"], "a", 1).Should().Be(8);
        foreach (var key in (string[])["b", "c", "d"])
            file.Invoking(f => f.Number(map[key], key, 1)).Should().Throw<BadInputException>().WithMessage($"own.yaml:*: {key}: expected a whole number of at least 1*");
    }

    [TestCase("dcgm-exporter.yaml", 0b100_000_000)]
    [TestCase("gateway.yaml", 0b100_100_000)]
    [TestCase("model-server.yaml", 0b100_100_000)]
    public void A_mounted_secret_is_for_its_user_or_its_group_alone(string file, int mode)
    {
        var text = File.ReadAllText(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", "workloads", file));

        Manifest.Parse(file, text).Objects.SelectMany(Secrets).Select(s => (int?)(long?)s["defaultMode"]).Should().Equal(mode);
    }

    private static IEnumerable<JsonNode> Secrets(JsonObject workload) =>
        ((workload["spec"]?["template"] ?? workload)["spec"]?["volumes"]?.AsArray() ?? []).Select(v => v!["secret"]).OfType<JsonNode>();

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Read(string yaml) =>
        Manifest.Parse("a.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nv: {yaml}").Objects.Single()["v"]?.ToJsonString(Unescaped) ?? "null";
}
