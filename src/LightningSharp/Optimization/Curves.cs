namespace LightningSharp.Optimization;

/// <summary>Functions of the step for <see cref="ValueScheduler"/> and <see cref="LambdaLR"/>; they can be put together.</summary>
public static class Curves
{
    /// <summary>Straight lines between points; constant before the first and after the last.</summary>
    /// <param name="points">Step and value, steps rising.</param>
    public static Func<long, double> Piecewise(params (long Step, double Value)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        for (var i = 0; i < points.Length; i++)
        {
            if (i > 0 && points[i].Step <= points[i - 1].Step)
            {
                throw new ArgumentException($"The steps of the points have to rise. Received: {points[i].Step} after {points[i - 1].Step}.", nameof(points));
            }
        }

        return points.Length == 0
            ? throw new ArgumentException("At least one point is needed. Received: none.", nameof(points))
            : step =>
            {
                var next = 0;
                while (next < points.Length && points[next].Step <= step)
                {
                    next++;
                }

                if (next == 0 || next == points.Length)
                {
                    return points[Math.Max(next - 1, 0)].Value;
                }

                var (from, to) = (points[next - 1], points[next]);
                return from.Value + ((to.Value - from.Value) * (step - from.Step) / (to.Step - from.Step));
            };
    }

    /// <summary>A cosine wave from <paramref name="start"/> to <paramref name="end"/> and back within <paramref name="period"/> steps, for ever.</summary>
    /// <param name="start">The value at step 0.</param>
    /// <param name="end">The value in the middle of the period.</param>
    /// <param name="period">Steps of a whole wave, 1 or greater.</param>
    public static Func<long, double> Cosine(double start, double end, long period)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        return step => start + ((end - start) * (1 - Math.Cos(2 * Math.PI * step / period)) / 2);
    }

    /// <summary>A triangle from <paramref name="start"/> to <paramref name="end"/> and back within <paramref name="period"/> steps, for ever.</summary>
    /// <param name="start">The value at step 0.</param>
    /// <param name="end">The value in the middle of the period.</param>
    /// <param name="period">Steps of a whole triangle, 1 or greater.</param>
    public static Func<long, double> Triangle(double start, double end, long period)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        return step => start + ((end - start) * (1 - Math.Abs(1 - (2.0 * (step % period) / period))));
    }

    /// <summary>One curve for a number of steps, then another, which starts at its own step 0.</summary>
    /// <param name="first">The first curve.</param>
    /// <param name="steps">How long it lasts.</param>
    /// <param name="then">The second curve.</param>
    public static Func<long, double> Then(this Func<long, double> first, long steps, Func<long, double> then)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return step => step < steps ? first(step) : then(step - steps);
    }

    /// <summary>A straight line up to the start of a curve, then the curve.</summary>
    /// <param name="curve">The curve after the warm-up; it starts at its own step 0.</param>
    /// <param name="steps">The length of the warm-up, 1 or greater.</param>
    /// <param name="from">The value at step 0.</param>
    public static Func<long, double> AfterWarmup(this Func<long, double> curve, long steps, double from = 0)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return Piecewise((0, from), (steps, curve(0))).Then(steps, curve);
    }
}
