using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using SecuritySpecs.FleetProgram.Gpus;
using SecuritySpecs.FleetProgram.Network;
using SecuritySpecs.FleetProgram.Sharing;

namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>What the program writes as JSON; generated code, because reflection is trimmed away.</summary>
[JsonSerializable(typeof(IReadOnlyList<GpuStatus>))]
[JsonSerializable(typeof(GpuStatus))]
[JsonSerializable(typeof(GpuJobReport))]
[JsonSerializable(typeof(ProbeReport))]
[JsonSerializable(typeof(ProbeReport[]))]
[JsonSerializable(typeof(ProbeBatch))]
[JsonSerializable(typeof(Whoami))]
[JsonSerializable(typeof(KnockReport))]
internal sealed partial class Json : JsonSerializerContext
{
    /// <summary>The shapes, written so that a person can read them: <c>'</c> and <c>&lt;</c> are not escaped, for no browser reads them.</summary>
    public static Json Shapes { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
