namespace LightningSharp.Data;

/// <summary>A reader of a run, which the run can interrupt while it waits for data.</summary>
internal interface IRunReader : IInterruptible, IDisposable
{
    /// <summary>The epoch that it reads; -1 outside of training.</summary>
    int Epoch { get; }

    /// <summary>Whether the batch that was read last is trained on; the answer stays right when the reader is closed.</summary>
    bool IsCurrentDone { get; }

    /// <summary>Where the loader was before it gave what is not done yet; null: where it is.</summary>
    IReadOnlyDictionary<string, object?>? StateBefore { get; }

    /// <summary>Makes the reader that of a run.</summary>
    /// <param name="epoch">The epoch that it reads; -1 outside of training.</param>
    /// <param name="done">How many batches of the epoch are done, for a reader of training batches.</param>
    /// <param name="check">Throws when the run is to end; called after an interruption.</param>
    /// <param name="cancellation">Interrupts it.</param>
    void Belong(int epoch, Func<int>? done, Action check, CancellationToken cancellation);
}
