using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The linear correlation of predictions and targets.</summary>
/// <remarks>cov(p, t) / (σ_p σ_t) in −1 … 1. K. Pearson, 1895. NaN where one of them is constant.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class PearsonCorrCoef(int numOutputs = 1)
    : MomentMetric(numOutputs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Score(PairMoments moments) => Correlation.Of(moments);
}
