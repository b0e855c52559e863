namespace LightningSharp;

/// <summary>What happens when a training loss is NaN or infinite.</summary>
public enum NonFiniteAction
{
    /// <summary>Training goes on; the first one is reported with step and name.</summary>
    Warn,

    /// <summary>Nothing, as in PyTorch.</summary>
    Ignore,

    /// <summary>The batch is left out: no backward, no step. Reported once.</summary>
    Skip,

    /// <summary>Training ends after the batch, before the loss can reach the weights; <see cref="StopReason.NonFinite"/>.</summary>
    Stop,
}
