using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of errors relative to the mean size of prediction and target.</summary>
/// <remarks>Σ 2 |p − t| / max(|t| + |p|, 1.17e−6) / n, in 0 … 2.</remarks>
public sealed class SymmetricMeanAbsolutePercentageError()
    : ErrorMetric(1)
{
    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.Minus(target).abs().mul(Numbers.Two).div(RelativeErrors.AtLeastSmall(target.abs().Plus(preds.abs())));
}
