using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The squared error relative to that of always predicting the mean.</summary>
/// <remarks>Mean over outputs of Σ (p − t)² / Σ (t − t̄)², or its root.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
/// <param name="squared">False for the root.</param>
public sealed class RelativeSquaredError(int numOutputs = 1, bool squared = true)
    : MomentMetric(numOutputs)
{
    /// <summary>False for the root.</summary>
    public bool Squared { get; } = squared;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Score(PairMoments moments)
    {
        var share = moments.SquaredErrors / moments.YY.AtLeast(1.17e-6);
        return (Squared ? share : share.sqrt()).mean();
    }
}
