using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How well events above a threshold are forecast: hits among all events that were forecast or happened.</summary>
/// <remarks>Hits / (hits + misses + false alarms) with events at values of at least the threshold. Also called threat score. 0 without events.</remarks>
public sealed class CriticalSuccessIndex : Metric<Tensor, Tensor>
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    /// <param name="threshold">Values from here on are events.</param>
    public CriticalSuccessIndex(double threshold)
    {
        Threshold = threshold;
        _counts = AddState("counts", zeros(2, int64));
    }

    /// <summary>Values from here on are events.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        using Scalar threshold = Threshold;
        var (forecast, happened) = (preds.ge(threshold), target.ge(threshold));
        _counts.Add(stack([forecast.logical_and(happened).sum(), forecast.logical_or(happened).sum()], 0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_counts.Value[0], _counts.Value[1]);
}
