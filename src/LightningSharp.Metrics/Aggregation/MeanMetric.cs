using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The mean of all values, each with a weight.</summary>
/// <remarks>Σ w·v / Σ w. Update with values alone (weight 1), or with values and weights that broadcast to them. NaN without any. A value or weight that is NaN is left out.</remarks>
public sealed class MeanMetric : Metric<(Tensor Value, Tensor? Weight)>
{
    private readonly MetricState _sum;
    private readonly MetricState _weight;

    /// <summary>Creates the metric.</summary>
    /// <param name="nanStrategy">What happens with NaN; left out by default.</param>
    public MeanMetric(NanStrategy? nanStrategy = null)
    {
        NanStrategy = nanStrategy ?? Aggregation.NanStrategy.Ignore;
        _sum = AddState("sum", zeros([], float64));
        _weight = AddState("weight", zeros([], float64));
    }

    /// <summary>What happens with NaN.</summary>
    public NanStrategy? NanStrategy { get; }

    /// <summary>Takes in values.</summary>
    public void Update(Tensor value) => Update((value, null));

    /// <summary>Takes in values with weights, for example a batch's mean loss with the batch's size.</summary>
    public void Update(Tensor value, Tensor weight) => Update((value, weight));

    /// <summary>Takes in a number of the host.</summary>
    public void Update(double value, double weight = 1)
    {
        using var scope = NewDisposeScope();
        Update((tensor(value, float64), tensor(weight, float64)));
    }

    /// <inheritdoc cref="Metric{TInput}.Forward(TInput)"/>
    public Tensor Forward(Tensor value, Tensor? weight = null) => Forward((value, weight));

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((Tensor Value, Tensor? Weight) input) => input.Value;

    /// <inheritdoc/>
    protected override void UpdateStates((Tensor Value, Tensor? Weight) input)
    {
        ArgumentNullException.ThrowIfNull(input.Value);
        var values = input.Value.to(float64);
        var weights = input.Weight is null ? ones_like(values) : input.Weight.to(float64).to(values.device).expand_as(values);
        var bad = values.isnan().logical_or(weights.isnan());
        var strategy = NanStrategy!.Value; // set by the constructor
        if (strategy == Aggregation.NanStrategy.Error || strategy == Aggregation.NanStrategy.Warn)
        {
            var count = (long)InputCheck.Read(bad.sum()); // only when asked to look
            if (count > 0 && strategy == Aggregation.NanStrategy.Error) throw new ArgumentException($"{GetName()} got {count} NaN among {bad.numel()} values. Choose another NanStrategy to leave them out.");
            if (count > 0) Warn($"{GetName()} left out {count} NaN among {bad.numel()} values.");
        }

        if (strategy.Value is { } replacement) (values, weights) = (values.nan_to_num(replacement), weights.nan_to_num(replacement));
        else if (strategy != Aggregation.NanStrategy.Disable) (values, weights) = (values.masked_fill(bad, Numbers.Zero), weights.masked_fill(bad, Numbers.Zero));
        _sum.Add(values.mul(weights).sum());
        _weight.Add(weights.sum());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_weight.Value).to(float32);
}
