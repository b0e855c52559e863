using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How far predictions are on the wrong side of the margin, for two classes.</summary>
/// <remarks>Mean of max(0, 1 − y·p) with y = ±1; squared when asked. Predictions outside 0…1 are passed through a sigmoid as a whole, as torchmetrics does.</remarks>
public sealed class BinaryHingeLoss : ScoreMetric
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="squared">Whether the distance counts squared.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public BinaryHingeLoss(bool squared = false, long? ignoreIndex = null, bool validateArgs = true)
    {
        (Squared, IgnoreIndex, ValidateArgs) = (squared, ignoreIndex, validateArgs);
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Whether the distance counts squared.</summary>
    public bool Squared { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Floating(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        var reading = Reading(preds);
        if (reading.ChecksValues) InputCheck.LabelValues(GetName(), target, "target", 2, IgnoreIndex);
        var scores = reading.Probabilities(preds.to(float32), target, IgnoreIndex);
        var loss = HingeFormulas.Loss(where(target.eq(Numbers.One), scores, scores.neg()), Squared);
        var counting = IgnoreIndex is { } index ? target.IsNot(index) : ones_like(target, dtype: @bool);
        _sum.Add(where(counting, loss, zeros_like(loss)).sum(float64)); // not times zero: what is ignored may be NaN
        _count.Add(counting.sum());
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_sum.Value, _count.Value).to(float32);
}
