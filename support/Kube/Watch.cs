namespace SecuritySpecs.Kube;

/// <summary>
/// Waiting for one object by a watch: the API server tells of each change, so that nobody has to ask it again and again. For what
/// takes seconds, such as a pod that starts; what is no single object is for <see cref="Poll"/>.
/// </summary>
public static class Watch
{
    // Between a watch that has ended and the next look: where each ends as soon as it begins, nobody is asked without end.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Follows an object until it is as wanted.</summary>
    /// <param name="api">Who looks: may get and watch it.</param>
    /// <param name="collection">Where it is, for example <c>/api/v1/namespaces/blue/pods</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="awaited">What is awaited, to follow "waited for".</param>
    /// <param name="enough">Whether the object ends the wait.</param>
    /// <param name="describe">The object in words, for the message.</param>
    /// <param name="deadline">Longest wait; <see cref="Poll.DefaultDeadline"/> when null.</param>
    /// <returns>The object as it was then.</returns>
    /// <exception cref="KubeApiException">It is not there, or not to be seen by <paramref name="api"/>.</exception>
    /// <exception cref="WaitedInVainException">It did not come about in time.</exception>
    public static async Task<JsonNode> UntilAsync(
        KubeApi api, string collection, string name, string awaited, Func<JsonNode, bool> enough, Func<JsonNode, string> describe, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Poll.DefaultDeadline;
        using var patience = new CancellationTokenSource(limit);
        while (true)
        {
            // Not from the watch alone, whose first event may be of an object of the same name that is gone by now.
            var seen = (await api.GetUnrecordedAsync($"{collection}/{name}")).OrThrow().Body!;
            if (enough(seen))
                return seen;
            try
            {
                var since = (string)seen["metadata"]!["resourceVersion"]!;
                await foreach (var change in api.WatchAsync($"{collection}?watch=1&fieldSelector=metadata.name={name}&resourceVersion={since}", patience.Token))
                {
                    // Gone, or the watch has fallen behind: the next look says what is there.
                    if ((string?)change["type"] is not ("ADDED" or "MODIFIED"))
                        break;
                    seen = change["object"]!;
                    if (enough(seen))
                        return seen;
                }

                patience.Token.ThrowIfCancellationRequested();
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // The connection was cut, be it before the first word, which proxies do to quiet ones: the next look says whether the
                // API server is still there.
            }
            catch (OperationCanceledException)
            {
                throw new WaitedInVainException(string.Create(CultureInfo.InvariantCulture, $"Waited {limit.TotalSeconds:0.#} s for {awaited}; last seen: {describe(seen)}"));
            }

            await Task.Delay(Pause);
        }
    }
}
