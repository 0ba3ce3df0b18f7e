namespace SecuritySpecs.Mutation;

/// <summary>
/// Says whether a mutant means the same as its file, where an oracle can decide that: network policies by who reaches whom, roles
/// and bindings by who may do what. Where anything else differs nothing is decided.
/// </summary>
public static class Equivalence
{
    private static readonly string[] Rights = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

    /// <summary>Why a mutant is no mistake; null where it may be one.</summary>
    /// <param name="before">The file's text.</param>
    /// <param name="mutant">The mutant.</param>
    public static string? Reason(string before, Mutant mutant)
    {
        var (old, changed) = (Parts(mutant.File, before), Parts(mutant.File, mutant.Text));
        if (!Same(old.Others, changed.Others))
            return null;
        if (!Same(old.Policies, changed.Policies))
            return Same(old.Rights, changed.Rights) && new PolicyReach(old.Policies, changed.Policies).IsSame ? "each pod reaches and is reached by the same others as before, by the same ports" : null;
        return new RoleRights(old.Rights, changed.Rights).AreSame ? "each account has the same rights as before" : null;
    }

    private static (List<JsonObject> Policies, List<JsonObject> Rights, List<JsonObject> Others) Parts(string file, string text)
    {
        var objects = YamlReader.All(file, text);
        bool IsPolicy(JsonObject o) => (string?)o["kind"] == "NetworkPolicy";
        bool IsRight(JsonObject o) => Rights.Contains((string?)o["kind"]);
        return ([.. objects.Where(IsPolicy)], [.. objects.Where(IsRight)], [.. objects.Where(o => !IsPolicy(o) && !IsRight(o))]);
    }

    private static bool Same(List<JsonObject> one, List<JsonObject> other) => YamlWriter.Write(one) == YamlWriter.Write(other);
}
