namespace SecuritySpecs.Drivers.Shared;

/// <summary>Whoever uses credentials that are somebody else's.</summary>
public sealed class Thief(ScenarioPlatform scenario)
{
    private const string Name = "the thief";
    private Identity? _identity;

    /// <summary>The API server as the thief sees it with what he has stolen last.</summary>
    public Identity Identity => _identity ?? throw new InvalidOperationException("No step of this scenario has stolen credentials yet.");

    /// <summary>The token that he has stolen last; empty for none.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Takes a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="user">The user name that the API server takes its holder for.</param>
    public void Take(string token, string user)
    {
        Token = token;
        _identity = scenario.Login(Name, user, scenario.Platform.AccessBy(token));
    }

    /// <summary>Takes a client certificate with its key, both PEM.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="key">Its key.</param>
    /// <param name="user">The user name that it is for.</param>
    public void Take(string certificate, string key, string user) => _identity = scenario.Login(Name, user, scenario.Platform.AccessBy(certificate, key));
}
