using System.Security.Cryptography;

namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>
/// The rules of one node: which chain judges the traffic to and from each of its fenced pods.
/// Sets and chains are named after a digest of their content. So what is equal exists once, whoever asked for it, and the
/// way from one ruleset to the next is the difference of names.
/// </summary>
internal sealed class Ruleset
{
    public static readonly Ruleset Empty = new();

    private readonly Dictionary<string, string> _sets = [];
    private readonly Dictionary<string, string> _chains = [];
    private readonly Dictionary<string, string> _profiles = [];
    private readonly Dictionary<string, string> _ingress = [];
    private readonly Dictionary<string, string> _egress = [];

    /// <summary>Name to definition: sets of addresses.</summary>
    public IReadOnlyDictionary<string, string> Sets => _sets;

    /// <summary>Name to rules: what one policy lets through in one direction.</summary>
    public IReadOnlyDictionary<string, string> Chains => _chains;

    /// <summary>Name to rules: the policies for a pod in one direction, and the drop at their end.</summary>
    public IReadOnlyDictionary<string, string> Profiles => _profiles;

    /// <summary>Pod's address to the profile for what comes in.</summary>
    public IReadOnlyDictionary<string, string> Ingress => _ingress;

    /// <summary>Pod's address to the profile for what goes out.</summary>
    public IReadOnlyDictionary<string, string> Egress => _egress;

    /// <summary>How many rules there are.</summary>
    public int RuleCount => _chains.Values.Concat(_profiles.Values).Sum(body => body.Count(c => c == '\n'));

    public string AddSet(string definition) => Add(_sets, "s_", definition);

    public string AddChain(string rules) => Add(_chains, "p_", rules);

    public string AddProfile(string rules) => Add(_profiles, "v_", rules);

    public void JudgeIngress(string address, string profile) => _ingress[address] = profile;

    public void JudgeEgress(string address, string profile) => _egress[address] = profile;

    private static string Add(Dictionary<string, string> named, string prefix, string content)
    {
        var name = prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 8));
        named[name] = content;
        return name;
    }
}
