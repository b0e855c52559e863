using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <content>Arithmetic: metrics made of metrics, computed when asked.</content>
public abstract partial class Metric
{
    /// <summary>The sum of two metrics.</summary>
    public static Metric operator +(Metric left, Metric right) => new CompositionalMetric(left, right, (a, b) => a.Plus(b));

    /// <summary>A metric plus a number.</summary>
    public static Metric operator +(Metric left, double right) => new CompositionalMetric(left, null, (a, _) => a.Plus(right));

    /// <summary>A number plus a metric.</summary>
    public static Metric operator +(double left, Metric right) => right + left;

    /// <summary>The difference of two metrics.</summary>
    public static Metric operator -(Metric left, Metric right) => new CompositionalMetric(left, right, (a, b) => a - b);

    /// <summary>A metric minus a number.</summary>
    public static Metric operator -(Metric left, double right) => left + -right;

    /// <summary>A number minus a metric, such as 1 − accuracy.</summary>
    public static Metric operator -(double left, Metric right) => new CompositionalMetric(right, null, (a, _) => a.neg().Plus(left));

    /// <summary>The negative of a metric.</summary>
    public static Metric operator -(Metric metric) => new CompositionalMetric(metric, null, (a, _) => -a);

    /// <summary>The product of two metrics.</summary>
    public static Metric operator *(Metric left, Metric right) => new CompositionalMetric(left, right, (a, b) => a * b);

    /// <summary>A metric times a number.</summary>
    public static Metric operator *(Metric left, double right) => new CompositionalMetric(left, null, (a, _) => a.Times(right));

    /// <summary>A number times a metric.</summary>
    public static Metric operator *(double left, Metric right) => right * left;

    /// <summary>The quotient of two metrics.</summary>
    public static Metric operator /(Metric left, Metric right) => new CompositionalMetric(left, right, (a, b) => a / b);

    /// <summary>A metric divided by a number.</summary>
    public static Metric operator /(Metric left, double right) => left * (1 / right);

    /// <summary>The absolute value of a metric.</summary>
    public Metric Abs() => Select(a => a.abs());

    /// <summary>Any function of a metric's value, such as its root.</summary>
    public Metric Select(Func<Tensor, Tensor> function) => new CompositionalMetric(this, null, (a, _) => function(a));
}
