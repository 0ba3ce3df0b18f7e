using SecuritySpecs.Cluster;

namespace SecuritySpecs.Tool;

/// <summary>Options as <c>--name VALUE</c>, each any number of times; <c>--kept</c> takes no value.</summary>
internal sealed class Arguments
{
    private readonly List<(string Name, string Value)> _options = [];

    /// <exception cref="EnvironmentException">An option is unknown or lacks its value.</exception>
    public Arguments(string[] arguments, params string[] known)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (!known.Contains(name))
                throw new EnvironmentException($"unknown option {name}; known are {string.Join(", ", known)}");
            if (name == "--kept")
                _options.Add((name, ""));
            else if (++i < arguments.Length)
                _options.Add((name, arguments[i]));
            else
                throw new EnvironmentException($"option {name} needs a value");
        }
    }

    public IReadOnlyList<string> All(string name) => [.. _options.Where(o => o.Name == name).Select(o => o.Value)];

    public string? One(string name) => All(name) is [.., var last] ? last : null;

    public bool Has(string name) => All(name).Count > 0;
}
