namespace LightningSharp.Callbacks;

/// <summary>Why an <see cref="EarlyStopping"/> asked for the end. The numbers are those of Lightning's checkpoints.</summary>
public enum EarlyStoppingReason
{
    /// <summary>It has not.</summary>
    NotStopped = 0,

    /// <summary>The value is as good as <see cref="EarlyStopping.StoppingThreshold"/> asked.</summary>
    StoppingThreshold = 1,

    /// <summary>The value is worse than <see cref="EarlyStopping.DivergenceThreshold"/> allows.</summary>
    DivergenceThreshold = 2,

    /// <summary>No improvement in <see cref="EarlyStopping.Patience"/> checks.</summary>
    PatienceExhausted = 3,

    /// <summary>The value is NaN or infinite.</summary>
    NonFiniteMetric = 4,
}
