using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The smallest value. +∞ without any.</summary>
public sealed class MinMetric : Aggregator
{
    private readonly MetricState _value;

    /// <summary>Creates the metric.</summary>
    /// <param name="nanStrategy">What happens with NaN; left out by default.</param>
    public MinMetric(NanStrategy? nanStrategy = null)
        : base(nanStrategy) => _value = AddState("value", Numbers.Filled([], double.PositiveInfinity, float32), StateReduction.Min);

    private protected override void Aggregate(Tensor values, Tensor? bad) => _value.Set(_value.Value.minimum(Replaced(values, bad, double.PositiveInfinity).amin()));

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _value.Value;
}
