namespace LightningSharp;

/// <summary>What <c>OnTrainBatchStart</c> decides about the batch. Lightning's <c>return -1</c> is <see cref="SkipRestOfEpoch"/>.</summary>
public enum BatchFlow
{
    /// <summary>Train on it.</summary>
    Continue,

    /// <summary>Neither this nor any later batch of the epoch; the hooks of the epoch's end run.</summary>
    SkipRestOfEpoch,
}
