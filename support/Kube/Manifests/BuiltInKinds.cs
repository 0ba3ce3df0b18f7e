using System.Reflection;
using k8s.Models;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>The kinds of Kubernetes itself, as the client library has them. What an extension defines (a CRD) only a cluster knows.</summary>
internal static class BuiltInKinds
{
    private static readonly Lazy<ILookup<string, string>> ByGroup = new(() => typeof(V1Pod).Assembly.GetTypes()
        .Select(t => t.GetCustomAttribute<KubernetesEntityAttribute>()).OfType<KubernetesEntityAttribute>()
        .Select(a => (a.Group, a.Kind)).Distinct().ToLookup(k => k.Group, k => k.Kind));

    /// <summary>Whether a group of Kubernetes' own lacks a kind, in every version that the library knows.</summary>
    /// <param name="apiVersion">For example <c>apps/v1</c>.</param>
    /// <param name="kind">For example <c>Deployment</c>.</param>
    public static bool Lack(string apiVersion, string kind)
    {
        var group = GroupOf(apiVersion);
        return ByGroup.Value.Contains(group) && !ByGroup.Value[group].Contains(kind);
    }

    /// <summary>Where a kind of that name is, for whoever has mistaken the group.</summary>
    public static string Hint(string apiVersion, string kind)
    {
        var groups = ByGroup.Value.Where(g => g.Contains(kind)).Select(g => g.Key.Length > 0 ? g.Key : "the core group (v1)").ToList();
        return groups.Count > 0 ? $"{kind} is in {string.Join(", ", groups)}"
            : $"there are {string.Join(", ", ByGroup.Value[GroupOf(apiVersion)].Where(k => !k.EndsWith("List", StringComparison.Ordinal)).Order(StringComparer.Ordinal))}";
    }

    private static string GroupOf(string apiVersion) => apiVersion.Contains('/') ? apiVersion[..apiVersion.IndexOf('/')] : "";
}
