using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of absolute errors.</summary>
/// <remarks>Σ |p − t| / n.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class MeanAbsoluteError(int numOutputs = 1)
    : ErrorMetric(numOutputs)
{
    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.Minus(target).abs();
}
