using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The share of the targets' variance that predictions account for.</summary>
/// <remarks>1 − Σ (t − p)² / Σ (t − t̄)². Adjusted: 1 − (1 − R²)(n − 1) / (n − k − 1) for k regressors. A constant target gives 1 without errors and 0 with.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
/// <param name="adjusted">The number of regressors to adjust for; 0 for plain R².</param>
/// <param name="multioutput">How the outputs' values become one.</param>
public sealed class R2Score(int numOutputs = 1, int adjusted = 0, Multioutput multioutput = Multioutput.UniformAverage)
    : MomentMetric(numOutputs)
{
    /// <summary>The number of regressors to adjust for.</summary>
    public int Adjusted { get; } = adjusted >= 0 ? adjusted : throw new ArgumentOutOfRangeException(nameof(adjusted), adjusted, $"R2Score wants adjusted of at least 0. Received: {adjusted}.");

    /// <summary>How the outputs' values become one.</summary>
    public Multioutput Multioutput { get; } = multioutput;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Score(PairMoments moments)
    {
        var score = Averaged(Explained(moments.SquaredErrors, moments.YY), moments.YY, Multioutput);
        if (Adjusted == 0) return score;
        var n = moments.Count[0];
        return score.OneMinus().mul(n.Plus(-1)).div(n.Plus(-Adjusted - 1)).OneMinus();
    }
}
