using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The four counts that most classification metrics are made of, each of shape [classes] or [samples, classes].</summary>
/// <param name="TruePositive">Decided for, and true.</param>
/// <param name="FalsePositive">Decided for, but not true.</param>
/// <param name="TrueNegative">Decided against, and not true.</param>
/// <param name="FalseNegative">Decided against, but true.</param>
public readonly record struct StatCounts(Tensor TruePositive, Tensor FalsePositive, Tensor TrueNegative, Tensor FalseNegative)
{
    /// <summary>How often the class is the truth.</summary>
    public Tensor Support => TruePositive.Plus(FalseNegative);

    /// <summary>All decisions.</summary>
    public Tensor Total => Support.Plus(FalsePositive).Plus(TrueNegative);

    /// <summary>The counts of all classes together.</summary>
    internal StatCounts OverClasses() => new(TruePositive.sum(-1), FalsePositive.sum(-1), TrueNegative.sum(-1), FalseNegative.sum(-1));

    /// <summary>From a state of shape [4, classes] or [samples, 4, classes].</summary>
    internal static StatCounts Of(Tensor state) => new(state.select(-2, 0), state.select(-2, 1), state.select(-2, 2), state.select(-2, 3));
}
