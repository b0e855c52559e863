using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of squared differences of logarithms.</summary>
/// <remarks>Σ (ln(1 + p) − ln(1 + t))² / n. Values below −1 give NaN.</remarks>
public sealed class MeanSquaredLogError()
    : ErrorMetric(1)
{
    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.log1p().Minus(target.log1p()).square();
}
