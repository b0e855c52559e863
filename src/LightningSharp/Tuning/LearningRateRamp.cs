namespace LightningSharp.Tuning;

/// <summary>How the learning rate grows in a search.</summary>
public enum LearningRateRamp
{
    /// <summary>By the same factor after each step.</summary>
    Exponential,

    /// <summary>By the same amount after each step.</summary>
    Linear,
}
