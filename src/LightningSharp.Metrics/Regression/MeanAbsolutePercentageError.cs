using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of errors relative to the target.</summary>
/// <remarks>Σ |p − t| / max(|t|, 1.17e−6) / n: a fraction, not per cent.</remarks>
public sealed class MeanAbsolutePercentageError()
    : ErrorMetric(1)
{
    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.Minus(target).abs().div(RelativeErrors.AtLeastSmall(target.abs()));
}
