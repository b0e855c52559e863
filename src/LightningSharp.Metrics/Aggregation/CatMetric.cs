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

    // NaN goes into the list and is left out by Compute: how many there are is known to the device alone.
    private protected override void Aggregate(Tensor values, Tensor? bad) => _value.Append(values);

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var all = _value.Cat();
        return LeavesNanOut ? all.masked_select(all.isnan().logical_not()) : all;
    }
}
