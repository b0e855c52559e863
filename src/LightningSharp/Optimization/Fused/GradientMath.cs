using System.Numerics;
using System.Runtime.InteropServices;

namespace LightningSharp.Optimization;

/// <summary>Vector arithmetic on gradients that fit into a core's cache, where calling an operator costs more than the work.</summary>
internal static class GradientMath
{
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        // Blocks keep the float sums short; the total is kept in double.
        var total = 0.0;
        for (var rest = values; rest.Length > 0;)
        {
            var block = rest[..Math.Min(rest.Length, 4096)];
            rest = rest[block.Length..];
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
            Vector<float> first = default, second = default;
            var i = 0;
            for (; i + 1 < vectors.Length; i += 2)
            {
                first += vectors[i] * vectors[i];
                second += vectors[i + 1] * vectors[i + 1];
            }

            if (i < vectors.Length) first += vectors[i] * vectors[i];
            Vector.Widen(first + second, out var low, out var high);
            total += Vector.Sum(low + high);
            foreach (var value in block[(vectors.Length * Vector<float>.Count)..]) total += (double)value * value;
        }

        // Squares of very large or very small floats leave the range of float: repeat in double.
        return double.IsFinite(total) && total > 1e-30 ? total : SumInDouble(values);
    }

    public static void Scale(Span<float> values, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var all = new Vector<float>(factor);
        foreach (ref var vector in vectors) vector *= all;
        foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..]) value *= factor;
    }

    public static void Clamp(Span<float> values, float limit)
    {
        // Vector.Min and Max keep NaN, as libtorch's clamp does.
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> low = new(-limit), high = new(limit);
        foreach (ref var vector in vectors) vector = Vector.Min(Vector.Max(vector, low), high);
        foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..]) value = MathF.Min(MathF.Max(value, -limit), limit);
    }

    private static double SumInDouble(ReadOnlySpan<float> values)
    {
        var total = 0.0;
        foreach (var value in values) total += (double)value * value;
        return total;
    }
}
