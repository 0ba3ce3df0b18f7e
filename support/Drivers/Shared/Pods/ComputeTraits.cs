namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods by the CPU, the memory and the disk that they name.</content>
public sealed partial record PodTrait
{
    /// <summary>The phrases that name an amount, as a regular expression. They are no rows of <see cref="All"/>.</summary>
    public const string AmountForms = "(?:requests|may use) \"[^\"]+\" of \"[^\"]+\"";

    private const string ComputePhrases = "names an amount of CPU as a whole and nothing else|spreads its tenant's pods over the nodes|" + AmountForms;

    private static IEnumerable<PodTrait> OfCompute =>
    [
        new("names an amount of CPU as a whole and nothing else", pod =>
        {
            Main(pod).Remove("resources");
            Spec(pod)["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1" } };
        }),
        new("spreads its tenant's pods over the nodes", pod => Spec(pod)["affinity"] = new JsonObject
        {
            ["podAntiAffinity"] = new JsonObject
            {
                ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
                {
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = pod["metadata"]!["labels"]!.DeepClone() }, ["topologyKey"] = "kubernetes.io/hostname",
                }),
            },
        }),
    ];

    // By the amount that it names; null for any other phrase.
    private static PodTrait? OfAmount(string phrase)
    {
        if (NamedAmount().Match(phrase) is not { Success: true } match)
            return null;
        var (amount, resource, isRequest) = (match.Groups["amount"].Value, match.Groups["resource"].Value, match.Groups["verb"].Value == "requests");
        return new(phrase, pod =>
        {
            var resources = Main(pod)["resources"]!;
            resources["limits"]![resource] = amount;
            // What names a limit alone requests as much.
            resources["requests"]![resource] = isRequest ? amount : (string?)resources["requests"]![resource] ?? "1Mi";
        });
    }

    [GeneratedRegex("^(?<verb>requests|may use) \"(?<amount>[^\"]+)\" of \"(?<resource>[^\"]+)\"$")]
    private static partial Regex NamedAmount();
}
