using System.Globalization;

namespace LightningSharp.Diagnostics;

/// <summary>What a run's flight record says after the run.</summary>
/// <param name="IsComplete">The run said goodbye: it ended or failed in an orderly way.</param>
/// <param name="IsRunning">The process that writes it is alive.</param>
/// <param name="ProcessId">That process.</param>
/// <param name="Phase">What it was doing last.</param>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Global step, from 0.</param>
/// <param name="Batch">Batch in the epoch, from 0.</param>
/// <param name="Resident">Bytes in memory at the last look; 0 when nobody looked.</param>
/// <param name="MemoryUsed">Bytes counted against the limit at the last look.</param>
/// <param name="MemoryLimit">The limit in bytes; 0 when there is none.</param>
/// <param name="UpdatedAt">When the memory was last looked at, or the record opened.</param>
/// <param name="Checkpoint">The last good checkpoint, or null.</param>
internal sealed record FlightReport(
    bool IsComplete, bool IsRunning, int ProcessId, RunPhase Phase, int Epoch, long Step, long Batch,
    long Resident, long MemoryUsed, long MemoryLimit, DateTimeOffset UpdatedAt, string? Checkpoint)
{
    /// <summary>The process ended without a word: killed, out of memory, or a crash in native code.</summary>
    public bool Died => !IsComplete && !IsRunning;

    /// <summary>One line for people, in the user's words.</summary>
    public override string ToString()
    {
        var state = IsRunning ? "is running" : IsComplete ? "ended in order" : "died without a word";
        var memory = MemoryLimit > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {MemoryUsed / 1073741824.0:0.0} of {MemoryLimit / 1073741824.0:0.0} GiB used")
            : "";
        var hint = Died && MemoryLimit > 0 && MemoryUsed >= MemoryWatch.WarnAt * MemoryLimit ? " (probably killed for memory)" : "";
        var resume = Checkpoint is null ? "; it had written no checkpoint" : $"; last checkpoint {Checkpoint}";
        return string.Create(
            CultureInfo.InvariantCulture, $"The previous run (process {ProcessId}) {state} in {Phase}, epoch {Epoch}, step {Step}{memory}{hint}{resume}.");
    }
}
