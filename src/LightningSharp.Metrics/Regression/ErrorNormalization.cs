using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>What a root mean squared error is divided by.</summary>
public enum ErrorNormalization
{
    /// <summary>The mean of the targets.</summary>
    Mean,

    /// <summary>The largest minus the smallest target.</summary>
    Range,

    /// <summary>The standard deviation of the targets (over n).</summary>
    Std,

    /// <summary>The Euclidean length of the targets.</summary>
    L2,
}
