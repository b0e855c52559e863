using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>What is wrong with an input, said in one place. Checks named <c>…Values</c> read the device; the others look at shapes and types only.</summary>
internal static class InputCheck
{
    /// <summary>How often this thread has looked at values on the device: counted so that tests can tell that an update does not.</summary>
    [ThreadStatic]
    internal static long DeviceReads;

    internal static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    internal static void SameShape(string metric, Tensor preds, Tensor target)
    {
        if (preds.dim() == target.dim() && SameSizes(preds, target)) return;
        throw new ArgumentException($"{metric} wants preds and target of the same shape. Received: preds {Shape(preds)}, target {Shape(target)}.");
    }

    internal static void Floating(string metric, Tensor tensor, string name)
    {
        if (!tensor.is_floating_point())
        {
            throw new ArgumentException($"{metric} wants {name} of a floating-point type. Received: {tensor.dtype}. Convert it with .to(torch.float32).");
        }
    }

    internal static void WholeNumbers(string metric, Tensor tensor, string name)
    {
        if (tensor.is_floating_point() || tensor.is_complex())
        {
            throw new ArgumentException($"{metric} wants {name} of a whole-number or boolean type. Received: {tensor.dtype}. Convert it with .to(torch.int64).");
        }
    }

    internal static void Dimensions(string metric, Tensor tensor, string name, long dimensions, string layout)
    {
        if (tensor.dim() != dimensions)
        {
            throw new ArgumentException($"{metric} wants {name} of shape {layout}. Received: {Shape(tensor)}.");
        }
    }

    internal static void Size(string metric, Tensor tensor, string name, int dimension, long size, string what)
    {
        if (tensor.dim() <= dimension || tensor.shape[dimension] != size)
        {
            throw new ArgumentException($"{metric} wants {name} with {size} {what} in dimension {dimension}. Received: shape {Shape(tensor)}.");
        }
    }

    /// <summary>Labels must lie in 0 … classes − 1 or be the ignored one.</summary>
    internal static void LabelValues(string metric, Tensor labels, string name, long classes, long? ignoreIndex)
    {
        if (labels.numel() == 0) return;
        var outside = labels.lt(Numbers.Zero).logical_or(labels.IsBelow(classes).logical_not());
        if (ignoreIndex is { } ignored) outside = outside.logical_and(labels.IsNot(ignored));
        if (!Holds(outside.any())) return;
        var wrong = (long)Read(labels.masked_select(outside)[0]);
        var but = ignoreIndex is { } index ? $" or the ignored label {index}" : string.Empty;
        throw new ArgumentException($"{metric} wants {name} with labels 0 … {classes - 1}{but}. Received: {wrong}.");
    }

    internal static void InRangeValues(string metric, Tensor values, string name, double low, double high)
    {
        if (values.numel() == 0) return;
        var outside = values.IsBelow(low).logical_or(values.IsAbove(high));
        if (!Holds(outside.any())) return;
        var wrong = Read(values.masked_select(outside)[0]);
        throw new ArgumentException($"{metric} wants {name} in {low} … {high}. Received: {wrong}.");
    }

    /// <summary>Waits for the device: only where a user asked for checks.</summary>
    internal static double Read(Tensor value)
    {
        DeviceReads++;
        return value.to(float64).item<double>();
    }

    internal static void Positive(string metric, long value, string name)
    {
        if (value <= 0) throw new ArgumentOutOfRangeException(name, value, $"{metric} wants a positive {name}. Received: {value}.");
    }

    internal static void Classes(string metric, long value, string name)
    {
        if (value < 2) throw new ArgumentOutOfRangeException(name, value, $"{metric} wants {name} of at least 2. Received: {value}.");
    }

    internal static void Fraction(string metric, double value, string name)
    {
        if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, $"{metric} wants {name} in 0 … 1. Received: {value}.");
    }

    private static bool Holds(Tensor condition) => Read(condition) != 0;

    private static bool SameSizes(Tensor left, Tensor right)
    {
        for (var i = 0; i < left.dim(); i++)
        {
            if (left.size(i) != right.size(i)) return false;
        }

        return true;
    }
}
