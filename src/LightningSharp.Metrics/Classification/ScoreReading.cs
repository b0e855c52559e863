using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How one update reads scores: for which metric, as what, and whether values are looked at. Nothing else reads the device.</summary>
internal readonly record struct ScoreReading(string Metric, ScoreKind Kind, bool ChecksValues)
{
    /// <summary>Probabilities of single decisions, of the shape of their targets. What is in doubt is decided on the device.</summary>
    internal Tensor Probabilities(Tensor scores, Tensor target, long? ignoreIndex)
    {
        if (Kind == ScoreKind.Logits) return scores.sigmoid();
        if (Kind == ScoreKind.Auto) return where(HasOutside(scores), scores.sigmoid(), scores);
        if (ChecksValues) InputCheck.ProbabilityValues(Metric, scores, ignoreIndex is { } index ? target.IsNot(index) : null, "sigmoid");
        return scores;
    }

    /// <summary>Probabilities of classes in dimension 1, which the target lacks, as float32.</summary>
    internal Tensor ClassProbabilities(Tensor preds, Tensor target, long? ignoreIndex)
    {
        CheckClasses(preds, target, ignoreIndex); // before the conversion, which hides how coarse the numbers are
        var scores = preds.to(float32);
        return Kind switch
        {
            ScoreKind.Logits => scores.softmax(1),
            ScoreKind.Auto => where(HasOutside(scores), scores.softmax(1), scores),
            _ => scores,
        };
    }

    /// <summary>For a metric that wants the best class only, which is the same for logits.</summary>
    internal void CheckClasses(Tensor scores, Tensor target, long? ignoreIndex)
    {
        if (Kind != ScoreKind.Probabilities || !ChecksValues) return;
        var counting = ignoreIndex is { } index ? target.IsNot(index) : null;
        InputCheck.ProbabilityValues(Metric, scores, counting?.unsqueeze(1).expand_as(scores), "softmax over dimension 1");
        InputCheck.ClassSumValues(Metric, scores, counting);
    }

    private static Tensor HasOutside(Tensor scores) => scores.lt(Numbers.Zero).logical_or(scores.gt(Numbers.One)).any();
}
