using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How far confidence and accuracy are apart, for several classes.</summary>
/// <remarks>Confidence is the probability of the best class, accuracy how often it is right, compared in bins of confidence. C. Guo et al., 2017. Only sums per bin are kept.</remarks>
public sealed class MulticlassCalibrationError : ScoreMetric
{
    private readonly MetricState _sums;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="bins">How many bins of confidence.</param>
    /// <param name="norm">How the bins' gaps become one number.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public MulticlassCalibrationError(int numClasses, int bins = 15, CalibrationNorm norm = CalibrationNorm.L1, long? ignoreIndex = null, bool validateArgs = true)
    {
        InputCheck.Classes(GetName(), numClasses, nameof(numClasses));
        NumClasses = numClasses;
        InputCheck.Positive(GetName(), bins, nameof(bins));
        (Bins, Norm, IgnoreIndex, ValidateArgs) = (bins, norm, ignoreIndex, validateArgs);
        _sums = AddState("sums", zeros(3, bins + 1, float64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>How many bins of confidence.</summary>
    public int Bins { get; }

    /// <summary>How the bins' gaps become one number.</summary>
    public CalibrationNorm Norm { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var name = GetName();
        if (preds.dim() != target.dim() + 1)
        {
            throw new ArgumentException($"{name} wants preds as scores [N, C, …] and target [N, …]. Received: preds {InputCheck.Shape(preds)}, target {InputCheck.Shape(target)}.");
        }

        LabelFormat.CheckMulticlass(name, preds, target, NumClasses, 1);
        var reading = Reading(preds);
        if (reading.ChecksValues) InputCheck.LabelValues(name, target, "target", NumClasses, IgnoreIndex);
        var (best, labels) = reading.ClassProbabilities(preds, target, IgnoreIndex).max(1);
        var confidences = best.flatten();
        var right = labels.eq(target).flatten();
        var counting = IgnoreIndex is { } index ? target.flatten().IsNot(index) : null;
        _sums.Add(CalibrationBins.Sums(confidences, right, counting, Bins));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CalibrationBins.Error(_sums.Value, Norm);
}
