using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Matthews' correlation of decisions and truths, for several classes.</summary>
/// <remarks>(c·s − Σ t·p) / √((s² − Σ p²)(s² − Σ t²)) with c right decisions, s samples, t true and p predicted counts of each class. B. W. Matthews, 1975; several classes: J. Gorodkin, 2004. 1 is perfect, 0 is chance; 0/0 gives its limit for two classes and 0 for more. Inputs as for <see cref="MulticlassAccuracy"/>.</remarks>
/// <param name="numClasses">How many classes there are.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class MulticlassMatthewsCorrCoef(
    int numClasses,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : MulticlassConfusionMetric(numClasses, ignoreIndex, validateArgs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(Tensor cells) => ConfusionFormulas.Matthews(cells);
}
