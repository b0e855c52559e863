using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>A metric whose inputs are changed before they reach it: thresholded, cropped, renamed.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
/// <typeparam name="TInner">What the wrapped metric is given.</typeparam>
public sealed class InputTransformer<TInput, TInner> : Metric<TInput>
{
    private readonly Func<TInput, TInner> _transform;

    /// <summary>Creates the wrapper.</summary>
    /// <param name="metric">The metric; owned from now on.</param>
    /// <param name="transform">Makes the metric's input. Runs without gradients in a dispose scope.</param>
    public InputTransformer(Metric<TInner> metric, Func<TInput, TInner> transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        (Metric, _transform) = (AddChild("metric", metric), transform);
    }

    /// <summary>The wrapped metric.</summary>
    public Metric<TInner> Metric { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => Metric.HigherIsBetter;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts() => Metric.ComputeNamed();

    /// <inheritdoc/>
    protected override void UpdateStates(TInput input) => Metric.Update(_transform(input));

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Metric.Compute();
}
