namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in what the API server encrypts before it stores it.</summary>
internal static class EncryptionMistakes
{
    private static readonly string[] Configuration = ["EncryptionConfiguration"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("plain-first", Configuration, "Puts the provider that does not encrypt in the first place.",
            "It is put there to decrypt everything, or to read what was stored before. The first provider is the one that writes.",
            o => Entries(o).Select(e => new Change($"{Places.Of(e)}.providers+identity", () => e["providers"]!.AsArray().Insert(0, new JsonObject { ["identity"] = new JsonObject() })))),
        new("drop-encryption", Configuration, "Takes a provider that encrypts out of the configuration.", "A key is rotated, and the old one goes before the new one comes.",
            o => Encrypting(o).Select(Change.Drop)),
        new("weaker-encryption", Configuration, "Encrypts with AES-GCM.", "It is faster. A key may write 200000 times at most, and nothing counts.",
            o => Encrypting(o).SelectMany(p => p.Select(s => s.Key).ToList().Where(k => k != "aesgcm").Select(k => Change.Rename(p, k, "aesgcm")))),
        new("other-encrypted-resource", Configuration, "Encrypts another resource.", "Configuration sounds as worthy of protection as Secrets do.",
            o => Entries(o).SelectMany(e => e["resources"].Items()).Select(r => Change.Replace(r, "configmaps"))),
        new("key-in-the-file", Configuration, "Writes the key into the file.", "The file of one cluster is committed, and the next cluster starts with it.",
            o => Encrypting(o).SelectMany(p => p.Values()).SelectMany(s => s["keys"].Objects()).Select(k => Change.Set(k, "secret", "c2VjcmV0IGlzIHNlY3VyZSwgb3IgaXMgaXQ/Pz8/Pz8="))),
    ];

    private static IEnumerable<JsonObject> Entries(JsonObject o) => o["resources"].Objects();

    private static IEnumerable<JsonObject> Encrypting(JsonObject o) => Entries(o).SelectMany(e => e["providers"].Objects()).Where(p => !p.ContainsKey("identity"));
}
