using SecuritySpecs.Mutation.Operators;

namespace SecuritySpecs.Mutation;

/// <summary>Every way of getting a manifest wrong that is known here. A new one is a row in the file of its theme, in <c>Operators/</c>.</summary>
public static class MutationTable
{
    /// <summary>Takes a whole object out of a file that has several.</summary>
    public const string DropDocument = "drop-document";

    private static readonly string[] Everything = ["*"];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<MutationOperator> Operators { get; } =
    [
        new(DropDocument, Everything, "Takes an object out of a file that has several.", "It seems to belong to something that is gone.", _ => []),
        .. RoleMistakes.All, .. QuotaMistakes.All, .. PolicyMistakes.All, .. AdmissionMistakes.All, .. NamespaceMistakes.All, .. PodMistakes.All, .. ServiceMistakes.All, .. ProgramMistakes.All,
        .. AuditMistakes.All, .. EncryptionMistakes.All,
    ];
}
