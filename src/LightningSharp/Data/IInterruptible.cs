namespace LightningSharp.Data;

/// <summary>A reader, or a loader, in which a thread may be waiting for data.</summary>
internal interface IInterruptible
{
    /// <summary>Lets the thread that waits, or waits next, go on with an <see cref="OperationCanceledException"/>; from any thread, at any time.</summary>
    void Interrupt();
}
