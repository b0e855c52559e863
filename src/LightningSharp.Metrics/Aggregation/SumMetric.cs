using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The sum of all values. 0 without any.</summary>
public sealed class SumMetric : Aggregator
{
    private readonly MetricState _value;

    /// <summary>Creates the metric.</summary>
    /// <param name="nanStrategy">What happens with NaN; left out by default.</param>
    public SumMetric(NanStrategy? nanStrategy = null)
        : base(nanStrategy) => _value = AddState("value", zeros([], float64));

    private protected override void Aggregate(Tensor values, Tensor? bad) => _value.Add(Replaced(values, bad, 0).sum(float64));

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _value.Value.to(float32);
}
