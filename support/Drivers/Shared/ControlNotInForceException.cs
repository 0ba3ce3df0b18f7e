namespace SecuritySpecs.Drivers.Shared;

/// <summary>
/// A control was applied as it is and does not do what it is for. That is a verdict on the control and no error of the
/// set-up, also where a step that comes before the verdicts finds it.
/// </summary>
/// <param name="file">Its file, as its author knows it.</param>
/// <param name="waited">The wait that ran out: its message says what was expected and what was seen.</param>
public sealed class ControlNotInForceException(string file, WaitedInVainException waited)
    : Exception($"{file} does not do what it is for. {waited.Message}", waited);
