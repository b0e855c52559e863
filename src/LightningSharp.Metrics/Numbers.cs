using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// Numbers for tensor operations on the update path. A bare number becomes a native scalar whose finalizer may run during the call;
/// these live as long as the process.
/// </summary>
internal static class Numbers
{
    internal static readonly Scalar Zero = 0;
    internal static readonly Scalar One = 1;
    internal static readonly Scalar Two = 2;

    /// <summary>Sum without a temporary scalar.</summary>
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Difference without a temporary scalar.</summary>
    internal static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);

    /// <summary>Quotient, <paramref name="zeroDivision"/> where the denominator is zero. Whole numbers become float32.</summary>
    internal static Tensor SafeDivide(Tensor numerator, Tensor denominator, double zeroDivision = 0)
    {
        var top = numerator.is_floating_point() ? numerator : numerator.to(float32);
        var bottom = denominator.is_floating_point() ? denominator : denominator.to(float32);
        var quotient = top.div(bottom);
        using Scalar instead = zeroDivision;
        return where(bottom.eq(Zero), zeros_like(quotient).fill_(instead), quotient);
    }

    /// <summary>How often each of the numbers 0 … <paramref name="bins"/> − 1 occurs, without reading the device as bincount does.</summary>
    internal static Tensor Count(Tensor codes, long bins)
    {
        var flat = codes.flatten();
        return zeros(bins, int64, flat.device).scatter_add_(0, flat, ones_like(flat));
    }

    private static readonly Scalar MinusOne = -1;
}
