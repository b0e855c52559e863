using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>A metric with the smallest and largest value it ever had when computed. Extremes outlive a reset, so that they span epochs.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
public sealed class MinMaxMetric<TInput> : Metric<TInput>
{
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    /// <summary>Creates the wrapper.</summary>
    /// <param name="metric">A metric with one value; owned from now on.</param>
    public MinMaxMetric(Metric<TInput> metric) => Metric = AddChild("metric", metric);

    /// <summary>The wrapped metric.</summary>
    public Metric<TInput> Metric { get; }

    /// <summary>The smallest value computed so far.</summary>
    public double Min => _min;

    /// <summary>The largest value computed so far.</summary>
    public double Max => _max;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => Metric.HigherIsBetter;

    /// <summary>The value as <c>raw</c>, with <c>min</c> and <c>max</c>.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var raw = Compute();
        var value = raw.to(float64).item<double>(); // extremes are kept on the host
        (_min, _max) = (Math.Min(_min, value), Math.Max(_max, value));
        return new Dictionary<string, Tensor> { ["raw"] = raw, ["min"] = tensor(_min, float32), ["max"] = tensor(_max, float32) };
    }

    /// <summary>Forgets the extremes too.</summary>
    public void ResetExtremes() => (_min, _max) = (double.PositiveInfinity, double.NegativeInfinity);

    /// <inheritdoc/>
    protected override void UpdateStates(TInput input) => Metric.Update(input);

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Metric.Compute();

    /// <inheritdoc/>
    protected override void AddToStateDict(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (state["min"], state["max"]) = (_min, _max);
    }

    /// <inheritdoc/>
    protected override void LoadFromStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.TryGetValue("min", out var min) && min is double low) _min = low;
        if (state.TryGetValue("max", out var max) && max is double high) _max = high;
    }
}
