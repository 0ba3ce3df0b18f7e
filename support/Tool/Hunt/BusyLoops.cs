namespace SecuritySpecs.Tool.Hunt;

/// <summary>Threads that keep a processor busy each until they are disposed, or until this process ends in whatever way.</summary>
internal sealed class BusyLoops : IDisposable
{
    private volatile bool _ended;

    /// <param name="count">How many.</param>
    public BusyLoops(int count)
    {
        for (var n = 0; n < count; n++)
            new Thread(Turn) { IsBackground = true, Name = "busy loop" }.Start();
    }

    /// <inheritdoc/>
    public void Dispose() => _ended = true;

    private void Turn()
    {
        for (var number = 1u; !_ended;)
            number = (number * 1664525) + 1013904223;
    }
}
