using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How the values of several outputs become one.</summary>
public enum Multioutput
{
    /// <summary>The plain mean.</summary>
    UniformAverage,

    /// <summary>One value per output.</summary>
    RawValues,

    /// <summary>The mean weighted by the variance of each output's targets.</summary>
    VarianceWeighted,
}
