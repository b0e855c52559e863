using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>All values in the order they came.</summary>
public sealed class CatMetric : Aggregator
{
    private readonly MetricState _value;

    /// <summary>Creates the metric.</summary>
    /// <param name="nanStrategy">What happens with NaN; left out by default.</param>
    public CatMetric(NanStrategy? nanStrategy = null)
        : base(nanStrategy) => _value = AddListState("value");

    private protected override void Aggregate(Tensor values, Tensor? bad) => _value.Append(bad is null ? values : values.masked_select(bad.logical_not()));

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _value.Cat();
}
