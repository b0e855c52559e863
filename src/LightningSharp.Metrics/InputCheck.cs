using System.Globalization;
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

    /// <summary>Scores that are said to be probabilities: NaN is none. Where <paramref name="counting"/> is false, anything may stand.</summary>
    internal static void ProbabilityValues(string metric, Tensor scores, Tensor? counting, string remedy)
    {
        if (scores.numel() == 0) return;
        var wrong = scores.ge(Numbers.Zero).logical_and(scores.le(Numbers.One)).logical_not();
        if (counting is not null) wrong = wrong.logical_and(counting);
        if (!Holds(wrong.any())) return;
        var looked = counting is null ? scores : scores.masked_select(counting);
        throw new ArgumentException($"{metric} with Scores = Probabilities wants preds in 0 … 1. Received: {Range(looked)}. Apply a {remedy} first, or set Scores = ScoreKind.Logits.");
    }

    /// <summary>Probabilities of classes in dimension 1 add up to one, as far as their type can tell.</summary>
    internal static void ClassSumValues(string metric, Tensor scores, Tensor? counting)
    {
        if (scores.numel() == 0) return;
        var tolerance = scores.dtype == ScalarType.BFloat16 ? 1e-2 : 1e-3; // three digits cannot add up better
        var sums = scores.sum(1, type: scores.dtype == float64 ? float64 : float32);
        var wrong = sums.IsBelow(1 - tolerance).logical_or(sums.IsAbove(1 + tolerance));
        if (counting is not null) wrong = wrong.logical_and(counting);
        if (!Holds(wrong.any())) return;
        var looked = counting is null ? sums : sums.masked_select(counting);
        throw new ArgumentException(
            $"{metric} with Scores = Probabilities wants preds whose classes (dimension 1) add up to 1. Received: sums, {Range(looked)}. Apply a softmax over dimension 1 first, or set Scores = ScoreKind.Logits.");
    }

    /// <summary>Weights of a distribution, which need not add up to one.</summary>
    internal static void DistributionValues(string metric, Tensor values, string name)
    {
        if (values.numel() == 0) return;
        if (!Holds(values.ge(Numbers.Zero).logical_and(values.isfinite()).logical_not().any())) return;
        throw new ArgumentException($"{metric} wants {name} of probabilities: finite numbers of at least 0. Received: {Range(values)}. Apply a softmax first, or set logProb for logarithms.");
    }

    /// <summary>How many raters chose each category, by subject: everybody rated by as many, two or more.</summary>
    internal static void CountValues(string metric, Tensor counts)
    {
        if (counts.numel() == 0) return;
        if (Holds(counts.lt(Numbers.Zero).any())) throw new ArgumentException($"{metric} wants ratings as counts of at least 0. Received: {Range(counts)}.");
        RaterValues(metric, counts.sum(1));
    }

    /// <summary>Every subject has the same number of ratings, two or more.</summary>
    internal static void RaterValues(string metric, Tensor raters)
    {
        if (raters.numel() == 0) return;
        var first = raters.narrow(0, 0, 1);
        if (!Holds(raters.ne(first).logical_or(raters.lt(Numbers.Two)).any())) return;
        throw new ArgumentException($"{metric} wants the same number of ratings of every subject, at least 2. Received: {Range(raters)}. Leave subjects out that were not rated by all.");
    }

    internal static void NoNaNValues(string metric, Tensor values, string name)
    {
        if (values.numel() > 0 && Holds(values.isnan().any())) throw new ArgumentException($"{metric} wants {name} without NaN. Received: {Range(values)}.");
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

    /// <summary>What lies in a tensor of at least one number, for a message.</summary>
    private static string Range(Tensor values)
    {
        var numbers = values.masked_select(values.isnan().logical_not());
        var missing = values.numel() - numbers.numel();
        if (numbers.numel() == 0) return $"{missing} NaN";
        var range = string.Create(CultureInfo.InvariantCulture, $"values in {Read(numbers.min()):G6} … {Read(numbers.max()):G6}");
        return missing == 0 ? range : $"{range} and {missing} NaN";
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
