using System.Threading.Channels;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A watch of another tenant's Secrets that is left open, and what it still tells.</summary>
public sealed class OpenWatchDriver(ScenarioPlatform scenario, PodFactory names)
{
    // What an open watch tells comes within a second; a machine that is busy may need more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Channel<(string Name, string Value)> _told = Channel.CreateUnbounded<(string Name, string Value)>();

    /// <summary>Opens the watch, which stays open until the scenario ends or the API server ends it.</summary>
    public void Open(Tenant who, Tenant whose)
    {
        var stop = new CancellationTokenSource();
        var watch = FollowAsync(who.Api, $"{Collection(whose)}?watch=1", stop.Token);
        scenario.CleanUp.Undo(async () =>
        {
            await stop.CancelAsync();
            await watch;
            stop.Dispose();
        });
    }

    /// <summary>Writes a Secret, and waits for the watch to tell of it.</summary>
    /// <param name="whose">Whose Secret it is.</param>
    /// <returns>Whether the watch told its value.</returns>
    public async Task<bool> TellsAsync(Tenant whose)
    {
        var (name, value) = (names.NextName("news"), Guid.NewGuid().ToString("N"));
        (await scenario.Admin.PostAsync(Collection(whose), new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name }, ["stringData"] = new JsonObject { ["value"] = value },
        })).OrThrow();
        var clock = Stopwatch.StartNew();
        var (tells, how) = await HearAsync((name, value)) switch
        {
            true => (true, "told of the secret, its value included,"),
            false => (false, "said nothing of the secret"),
            null => (false, "had ended and said nothing of the secret"),
        };
        scenario.Note("the open watch", string.Create(CultureInfo.InvariantCulture, $"{how} {clock.ElapsedMilliseconds} ms after secret {name} of tenant \"{whose.Name}\" was written"));
        return tells;
    }

    private static string Collection(Tenant whose) => $"/api/v1/namespaces/{whose.Namespace}/secrets";

    // Null where the watch has ended.
    private async Task<bool?> HearAsync((string Name, string Value) news)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var told in _told.Reader.ReadAllAsync(deadline.Token))
            {
                if (told == news)
                    return true;
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task FollowAsync(KubeApi api, string path, CancellationToken stop)
    {
        try
        {
            await foreach (var change in api.WatchAsync(path, stop))
            {
                if (change["object"]?["data"]?["value"] is { } value)
                    await _told.Writer.WriteAsync(((string)change["object"]!["metadata"]!["name"]!, Encoding.UTF8.GetString(Convert.FromBase64String((string)value!))), stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The scenario is over, or the API server has cut the connection: the watch has ended, and that is what is observed.
        }

        _told.Writer.Complete();
    }
}
