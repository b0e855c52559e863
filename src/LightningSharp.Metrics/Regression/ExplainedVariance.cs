using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The share of the targets' variance that is not variance of errors: R² that forgives a constant offset.</summary>
/// <remarks>1 − var(t − p) / var(t). A constant target gives 1 without spread of errors and 0 with.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
/// <param name="multioutput">How the outputs' values become one.</param>
public sealed class ExplainedVariance(int numOutputs = 1, Multioutput multioutput = Multioutput.UniformAverage)
    : MomentMetric(numOutputs)
{
    /// <summary>How the outputs' values become one.</summary>
    public Multioutput Multioutput { get; } = multioutput;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Score(PairMoments moments) => Averaged(Explained(moments.DifferenceSpread, moments.YY), moments.YY, Multioutput);
}
