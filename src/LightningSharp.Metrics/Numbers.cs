using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// Arithmetic of tensors and numbers. A bare number in a tensor expression becomes a native scalar whose finalizer may run during the call; these hold it
/// until the call is over. Two tensors added by their operator hide such a number too.
/// </summary>
internal static class Numbers
{
    internal static readonly Scalar Zero = 0;
    internal static readonly Scalar One = 1;
    internal static readonly Scalar Two = 2;
    internal static readonly Scalar MinusOne = -1;

    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    internal static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);

    internal static Tensor Plus(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.add(number, One);
    }

    internal static Tensor Times(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.mul(number);
    }

    /// <summary>The sum with a whole number, which leaves whole numbers whole.</summary>
    internal static Tensor Plus(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.add(number, One);
    }

    /// <summary>The product with a whole number, which leaves whole numbers whole.</summary>
    internal static Tensor Times(this Tensor left, long right)
    {
        using Scalar number = right;
        return left.mul(number);
    }

    internal static Tensor Over(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.div(number);
    }

    internal static Tensor Power(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.pow(number);
    }

    internal static Tensor OneMinus(this Tensor right) => right.neg().add(One, One);

    internal static Tensor AtLeast(this Tensor values, double least)
    {
        using Scalar number = least;
        return values.clamp_min(number);
    }

    internal static Tensor IsAbove(this Tensor values, double limit)
    {
        using Scalar number = limit;
        return values.gt(number);
    }

    internal static Tensor IsBelow(this Tensor values, double limit)
    {
        using Scalar number = limit;
        return values.lt(number);
    }

    /// <summary>Whether each whole number is not <paramref name="other"/>.</summary>
    internal static Tensor IsNot(this Tensor values, long other)
    {
        using Scalar number = other;
        return values.ne(number);
    }

    /// <summary>0, step, 2·step …: whole numbers.</summary>
    internal static Tensor Range(long count, Device device, long step = 1)
    {
        using Scalar from = 0, to = count * step, by = step;
        return arange(from, to, by, int64, device);
    }

    /// <summary>A tensor of one number.</summary>
    internal static Tensor Number(double value, ScalarType dtype, Device device) => Filled([], value, dtype, device);

    /// <summary>A count as a tensor of one whole number.</summary>
    internal static Tensor Number(long value, Device device)
    {
        using Scalar number = value;
        return full([], number, int64, device);
    }

    internal static Tensor Filled(long[] shape, double value, ScalarType dtype, Device? device = null)
    {
        using Scalar number = value;
        return full(shape, number, dtype, device);
    }

    internal static Tensor FilledLike(Tensor like, double value)
    {
        using Scalar number = value;
        return full_like(like, number);
    }

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
}
