using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Tool.Bench.Audits;

/// <summary>The size of the cluster that is audited, and the most that an audit may take: <c>budget.yaml</c> beside this file.</summary>
/// <param name="Size">The size.</param>
/// <param name="Seconds">Of wall time, from the start of the command to its end.</param>
/// <param name="Memory">In MiB: the largest resident set of its process.</param>
/// <param name="Page">Objects in one answer.</param>
internal sealed record AuditBudget(AuditedSize Size, int Seconds, int Memory, int Page)
{
    /// <summary>Where the data is.</summary>
    public const string FileName = "support/Tool/Bench/Audits/budget.yaml";

    /// <summary>Reads the data.</summary>
    /// <exception cref="BadInputException">It is not as wanted.</exception>
    public static AuditBudget Read(string root)
    {
        var file = new YamlFile(FileName);
        var document = file.Read(Path.Combine(root, FileName));
        var fields = file.Fields(document, "the file", ["nodes", "tenants", "pods", "seconds", "memory-mib", "page"]);
        return new(new(Number("nodes"), Number("tenants"), Number("pods")), Number("seconds"), Number("memory-mib"), Number("page"));

        int Number(string field) => file.Number(fields[field], field, 1);
    }
}
