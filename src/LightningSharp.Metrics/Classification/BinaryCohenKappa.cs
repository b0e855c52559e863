using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>Agreement of decisions and truths beyond chance, for two classes.</summary>
/// <remarks>1 − Σ w·o / Σ w·e with observed cells o and the cells e expected by chance. J. Cohen, 1960. NaN when chance alone explains everything (one class only). Inputs as for <see cref="BinaryAccuracy"/>.</remarks>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="weights">How much a disagreement over several classes counts.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryCohenKappa(
    double threshold = 0.5,
    KappaWeights weights = KappaWeights.None,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : BinaryConfusionMetric(threshold, ignoreIndex, validateArgs)
{
    /// <summary>How much a disagreement over several classes counts.</summary>
    public KappaWeights Weights { get; } = weights;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override Tensor Score(Tensor cells) => ConfusionFormulas.Kappa(cells, Weights);
}
