namespace LightningSharp.Data.Reading;

/// <summary>Threads that have batches ready for somebody who takes them.</summary>
internal interface IReadAhead : IDisposable
{
    /// <summary>Lets a caller that waits go on with an exception.</summary>
    void Cancel();

    /// <summary>Tells the threads to end.</summary>
    void Stop();
}
