namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>What a GPU is made to look like, by the names that <c>POST /scenario</c> takes (in lower case).</summary>
internal enum Alarm
{
    /// <summary>Nothing special.</summary>
    Healthy,

    /// <summary>The driver has lost it (XID 79): operators drain the node.</summary>
    Xid,

    /// <summary>It is too hot and slows down.</summary>
    Thermal,

    /// <summary>Its memory has errors that cannot be corrected (XID 48): operators replace it.</summary>
    Ecc,

    /// <summary>It seems unused, whoever uses it: the opposite of an alarm.</summary>
    Idle,
}

/// <summary>What each GPU of the node is made to look like; kept in memory only.</summary>
internal sealed class Alarms(int gpus)
{
    private readonly Alarm[] _alarms = new Alarm[gpus];

    /// <summary>How many GPUs there are.</summary>
    public int Count => _alarms.Length;

    /// <summary>Of one GPU.</summary>
    public Alarm this[int gpu]
    {
        get => _alarms[gpu];
        set => _alarms[gpu] = value;
    }
}
