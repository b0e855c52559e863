namespace LightningSharp.Callbacks;

/// <summary>When a <see cref="PredictionWriter{TOutput}"/> writes.</summary>
[Flags]
public enum WriteInterval
{
    /// <summary>After each batch.</summary>
    Batch = 1,

    /// <summary>At the end, everything at once.</summary>
    Epoch = 2,

    /// <summary>Both.</summary>
    BatchAndEpoch = Batch | Epoch,
}
