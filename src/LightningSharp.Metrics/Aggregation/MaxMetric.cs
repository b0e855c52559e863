using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The largest value. −∞ without any.</summary>
public sealed class MaxMetric : Aggregator
{
    private readonly MetricState _value;

    /// <summary>Creates the metric.</summary>
    /// <param name="nanStrategy">What happens with NaN; left out by default.</param>
    public MaxMetric(NanStrategy? nanStrategy = null)
        : base(nanStrategy) => _value = AddState("value", Numbers.Filled([], double.NegativeInfinity, float32), StateReduction.Max);

    private protected override void Aggregate(Tensor values, Tensor? bad) => _value.Set(_value.Value.maximum(Replaced(values, bad, double.NegativeInfinity).amax()));

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _value.Value;
}
