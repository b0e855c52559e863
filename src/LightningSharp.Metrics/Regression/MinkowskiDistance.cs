using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The p-norm of the errors.</summary>
/// <remarks>(Σ |p − t|^p)^(1/p) over everything seen. p = 1: Manhattan, 2: Euclid.</remarks>
/// <param name="p">The exponent; at least 1.</param>
public sealed class MinkowskiDistance(double p)
    : ErrorMetric(1)
{
    /// <summary>The exponent.</summary>
    public double P { get; } = p >= 1 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, $"MinkowskiDistance wants p of at least 1. Received: {p}.");

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target) => preds.Minus(target).abs().Power(P);

    /// <inheritdoc/>
    protected override Tensor Score(Tensor sum, Tensor count) => sum.Power(1 / P);
}
