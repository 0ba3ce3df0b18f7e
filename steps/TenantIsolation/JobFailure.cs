namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Why a GPU job fails.</summary>
/// <param name="Words">As features say it.</param>
/// <param name="Says">What the job or the kubelet says, as a regular expression.</param>
public sealed record JobFailure(string Words, string Says)
{
    /// <summary>Every cause, as a regular expression.</summary>
    public const string Forms = "it exceeds its cap of \\d+ MiB|" + NoMemory + "|" + NoScheduler + "|" + NoShare;

    private const string NoMemory = "the GPU has no memory left";
    private const string NoScheduler = "no HAMi scheduler placed it";
    private const string NoShare = "it was handed no GPU";

    /// <summary>The cause in a step's words.</summary>
    public static JobFailure Of(string words) => new(words, words switch
    {
        NoMemory => "CUDA_ERROR_OUT_OF_MEMORY: the GPU:.*MiB free",
        NoScheduler => "^UnexpectedAdmissionError.*no binding pod found on node",
        NoShare => "CUDA_ERROR_NO_DEVICE: this container was handed no share of a GPU",
        _ => $"CUDA_ERROR_OUT_OF_MEMORY: HAMi-core:.*the cap of this container is {Regex.Match(words, "[0-9]+")} MiB",
    });

    /// <summary>Whether a job failed for this cause.</summary>
    public bool Is(string? failure) => failure is not null && Regex.IsMatch(failure, Says, RegexOptions.Singleline);
}
