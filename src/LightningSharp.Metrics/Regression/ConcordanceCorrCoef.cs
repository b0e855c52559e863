using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How closely pairs lie on the line prediction = target.</summary>
/// <remarks>2 cov(p, t) / (σ_p² + σ_t² + (p̄ − t̄)²) with variances over n − 1. L. I-K. Lin, 1989.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class ConcordanceCorrCoef(int numOutputs = 1)
    : MomentMetric(numOutputs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Score(PairMoments moments)
    {
        var free = moments.Count.Plus(-1);
        var spread = moments.XX.Plus(moments.YY).div(free).Plus(moments.MeanX.Minus(moments.MeanY).square());
        return moments.XY.mul(Numbers.Two).div(free).div(spread);
    }
}
