namespace LightningSharp.Callbacks;

/// <summary>When a <see cref="LearningRateMonitor"/> writes.</summary>
public enum LearningRateInterval
{
    /// <summary>Each learning rate at the interval of its scheduler; optimizers without one at both.</summary>
    Automatic,

    /// <summary>At the start of every batch whose values are logged.</summary>
    Step,

    /// <summary>At the start of every epoch.</summary>
    Epoch,
}
