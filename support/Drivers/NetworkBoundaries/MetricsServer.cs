using SecuritySpecs.Cluster;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Something that serves the fleet's metrics.</summary>
/// <param name="Phrase">As features call it.</param>
/// <param name="Namespace">Where it is.</param>
/// <param name="Name">Its Service and <c>app.kubernetes.io/instance</c>.</param>
/// <param name="Port">The port that it answers on.</param>
public sealed record MetricsServer(string Phrase, string Namespace, string Name, int Port)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = ExporterPhrase + "|" + LessonPhrase + "|" + PrometheusPhrase;

    /// <summary>The exporter as the reference configuration has it.</summary>
    public const string ExporterPhrase = "DCGM exporter";

    /// <summary>The lesson's exporter.</summary>
    public const string LessonPhrase = "lesson's exporter";

    private const string PrometheusPhrase = "platform's Prometheus";

    /// <summary>The lesson's exporter, whose switch for drills everybody may use.</summary>
    public static MetricsServer Lesson { get; } = new(LessonPhrase, GpuFleet.Namespace, Telemetry.LessonsExporter, Telemetry.ExporterPort);

    /// <summary>The platform's Prometheus.</summary>
    public static MetricsServer Prometheus { get; } = new(PrometheusPhrase, Telemetry.MonitoringNamespace, Telemetry.Prometheus.Service, Telemetry.PrometheusPort);
}
