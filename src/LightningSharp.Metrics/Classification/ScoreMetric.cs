using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A metric of classification that compares scores, or labels made from them, with the truth.</summary>
public abstract class ScoreMetric : Metric<Tensor, Tensor>
{
    private protected ScoreMetric()
    {
    }

    /// <summary>What the scores are: probabilities, logits, or whatever they look like. Metrics of different kinds of scores share no statistics. Default: <see cref="ScoreKind.Auto"/>.</summary>
    public ScoreKind Scores { get; init; }

    /// <summary>How this update reads its scores.</summary>
    private protected ScoreReading Reading(Tensor preds) => new(GetName(), Scores, ChecksValues(preds));
}
