namespace LightningSharp.Logging.TensorBoard;

/// <summary>One record of an event file.</summary>
/// <param name="WallTime">Seconds since 1970.</param>
/// <param name="Step">The x-axis.</param>
/// <param name="Values">What was logged.</param>
public sealed record LoggedEvent(double WallTime, long Step, IReadOnlyList<EventValue> Values)
{
    /// <summary>A new session began here: what was logged before at this step or later is void.</summary>
    public bool IsRestart { get; init; }

    /// <summary>The version text of the first record.</summary>
    public string? FileVersion { get; init; }

    /// <summary>A graph definition, as the bytes of the message.</summary>
    public byte[]? Graph { get; init; }
}
