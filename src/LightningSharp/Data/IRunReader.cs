namespace LightningSharp.Data;

/// <summary>A reader of a run, which the run can interrupt while it waits for data.</summary>
internal interface IRunReader : IInterruptible, IDisposable
{
    /// <summary>Makes the reader that of a run.</summary>
    /// <param name="done">How many batches of the epoch are done, for a reader of training batches.</param>
    /// <param name="check">Throws when the run is to end; called after an interruption.</param>
    /// <param name="cancellation">Interrupts it.</param>
    void Belong(Func<int>? done, Action check, CancellationToken cancellation);
}
