using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.Models;

/// <summary>A synthetic answer.</summary>
/// <param name="Words">One word a token; always as many as were asked for.</param>
/// <param name="PromptTokens">The words of the question.</param>
internal sealed record Completion(IReadOnlyList<string> Words, int PromptTokens)
{
    public string Text => string.Join(' ', Words);
}

/// <summary>
/// Plays the GPU: so many requests at once, each as long as its tokens take, and so many more that wait for a place. It is
/// what a flood fills for everybody, and why rates are limited by key.
/// </summary>
internal sealed class Engine(int slots, int queue, TimeSpan perToken) : IDisposable
{
    private static readonly string[] s_words =
        ["the", "fleet", "answers", "every", "question", "with", "a", "sentence", "that", "no", "model", "has", "ever", "thought", "of", "before"];

    private readonly SemaphoreSlim _places = new(slots);
    private int _inside;

    /// <summary>Requests being answered.</summary>
    public int Running => Math.Min(Volatile.Read(ref _inside), slots);

    /// <summary>Requests that wait for a place.</summary>
    public int Waiting => Math.Max(0, Volatile.Read(ref _inside) - slots);

    /// <summary>Answers a question, which takes its time; null where the queue is full.</summary>
    public async Task<Completion?> AnswerAsync(string prompt, int tokens, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > slots + queue)
                return null;
            await _places.WaitAsync(cancel);
            try
            {
                await Task.Delay(perToken * tokens, cancel);
                return new(Words(prompt, tokens), Count(prompt));
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>The tokens of a text: its words.</summary>
    public static int Count(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    public void Dispose() => _places.Dispose();

    // The same question has the same answer, and another one most likely another.
    private static string[] Words(string prompt, int tokens)
    {
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(prompt));
        return [.. Enumerable.Range(0, tokens).Select(i => s_words[(seed[i % seed.Length] + i) % s_words.Length])];
    }
}
