namespace SecuritySpecs.FleetProgram.Models;

/// <summary>What the model server counts, in Prometheus' text format, under vLLM's names where it has one. No key and no question is in it.</summary>
internal sealed class ModelMetrics(string model, Engine engine)
{
    private readonly SortedDictionary<(string KeyId, int Code), long> _requests = [];
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private long _prompt;
    private long _generated;
    private long _answered;

    /// <summary>Counts a request that is over.</summary>
    /// <param name="keyId">Whose key it showed; null for none that opens.</param>
    /// <param name="code">The HTTP status.</param>
    public void Request(string? keyId, int code)
    {
        lock (_lock)
            _requests[(keyId ?? "", code)] = _requests.GetValueOrDefault((keyId ?? "", code)) + 1;
    }

    /// <summary>Counts the tokens of an answer.</summary>
    public void Answer(Completion completion)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _prompt, completion.PromptTokens);
        Interlocked.Add(ref _generated, completion.Words.Count);
    }

    /// <summary>The whole exposition.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        Family(text, "vllm:num_requests_running", "gauge", "Requests being answered.", engine.Running);
        Family(text, "vllm:num_requests_waiting", "gauge", "Requests that wait.", engine.Waiting);
        Family(text, "vllm:prompt_tokens_total", "counter", "Tokens of questions.", Interlocked.Read(ref _prompt));
        Family(text, "vllm:generation_tokens_total", "counter", "Tokens of answers.", Interlocked.Read(ref _generated));
        Family(text, "vllm:request_success_total", "counter", "Requests that were answered.", Interlocked.Read(ref _answered));
        Head(text, "process_start_time_seconds", "gauge", "When this process started: tells servers behind one address from each other.");
        text.Append(CultureInfo.InvariantCulture, $"process_start_time_seconds {_started.ToUnixTimeMilliseconds() / 1000.0}\n");
        Head(text, "model_server_requests_total", "counter", "Requests under /v1 by the id of their key (empty: none that opens) and HTTP status.");
        lock (_lock)
        {
            foreach (var ((id, code), count) in _requests)
                text.Append(CultureInfo.InvariantCulture, $"model_server_requests_total{{key_id=\"{id}\",code=\"{code}\"}} {count}\n");
        }
        return text.ToString();
    }

    private void Family(StringBuilder text, string name, string type, string help, long value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name}{{model_name=\"{model}\"}} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
