using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How far confidence and accuracy are apart, for two classes.</summary>
/// <remarks>Confidence is the probability of the positive class, accuracy the share of positives, compared in bins of confidence. C. Guo et al., 2017. Only sums per bin are kept.</remarks>
public sealed class BinaryCalibrationError : ScoreMetric
{
    private readonly MetricState _sums;

    /// <summary>Creates the metric.</summary>
    /// <param name="bins">How many bins of confidence.</param>
    /// <param name="norm">How the bins' gaps become one number.</param>
    /// <param name="ignoreIndex">Targets with this value do not count.</param>
    /// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
    public BinaryCalibrationError(int bins = 15, CalibrationNorm norm = CalibrationNorm.L1, long? ignoreIndex = null, bool validateArgs = true)
    {
        InputCheck.Positive(GetName(), bins, nameof(bins));
        (Bins, Norm, IgnoreIndex, ValidateArgs) = (bins, norm, ignoreIndex, validateArgs);
        _sums = AddState("sums", zeros(3, bins + 1, float64));
    }

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
        InputCheck.SameShape(name, preds, target);
        InputCheck.Floating(name, preds, "preds");
        InputCheck.WholeNumbers(name, target, "target");
        var reading = Reading(preds);
        if (reading.ChecksValues) InputCheck.LabelValues(name, target, "target", 2, IgnoreIndex);
        var confidences = reading.Probabilities(preds.to(float32), target, IgnoreIndex).flatten();
        var right = target.flatten();
        var counting = IgnoreIndex is { } index ? target.flatten().IsNot(index) : null;
        _sums.Add(CalibrationBins.Sums(confidences, right, counting, Bins));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => CalibrationBins.Error(_sums.Value, Norm);
}
