using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>
/// The sessions of a cloud's role: who has the token of one acts as the role, until somebody revokes it. A real cloud hands out the same
/// session until it is about to expire; here each question gets its own, so that nobody else's is revoked with it.
/// </summary>
internal sealed class CloudSessions
{
    private readonly ConcurrentDictionary<string, string> _tokens = new();

    /// <summary>Begins a session.</summary>
    /// <returns>Its name, which is no secret, and its token.</returns>
    public (string Name, string Token) Begin()
    {
        var (name, token) = ("FAKE" + RandomNumberGenerator.GetHexString(12), RandomNumberGenerator.GetHexString(32, lowercase: true));
        _tokens[name] = token;
        return (name, token);
    }

    /// <summary>Whether a token is of a session that nobody has revoked.</summary>
    public bool Accepts(string token) => _tokens.Values.Contains(token);

    /// <summary>Revokes a session.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Revoke(string name) => _tokens.TryRemove(name, out _);
}
