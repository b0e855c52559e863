using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of squared errors, or its root.</summary>
/// <remarks>Σ (p − t)² / n.</remarks>
/// <param name="squared">False for the root: RMSE.</param>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class MeanSquaredError(bool squared = true, int numOutputs = 1)
    : ErrorMetric(numOutputs)
{
    /// <summary>False for the root: RMSE.</summary>
    public bool Squared { get; } = squared;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.Minus(target).square();

    /// <inheritdoc/>
    protected override Tensor Score(Tensor sum, Tensor count) => Squared ? sum.div(count) : sum.div(count).sqrt();
}
