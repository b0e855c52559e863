using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean of the logarithm of the hyperbolic cosine of errors: squared for small ones, absolute for large ones.</summary>
/// <remarks>Σ ln cosh(p − t) / n, written so that it does not overflow.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class LogCoshError(int numOutputs = 1)
    : ErrorMetric(numOutputs)
{
    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override Tensor Errors(Tensor preds, Tensor target)
    {
        var error = preds.Minus(target).abs();
        return error.Plus(error.mul(Numbers.Two).neg().exp().log1p()).Plus(-Math.Log(2));
    }
}
