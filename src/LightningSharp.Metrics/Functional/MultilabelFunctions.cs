using LightningSharp.Metrics.Classification;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for classification with several labels: one call, one value. Parameters as in the constructor of the metric named under "see also", and its <c>Scores</c>.
/// Gradients flow where the formula allows it.
/// </summary>
public static class MultilabelFunctions
{
    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for several labels.</summary>
    /// <seealso cref="MultilabelAUROC"/>
    public static Tensor AUROC(
        Tensor preds,
        Tensor target,
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelAUROC(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The share of right decisions, for several labels.</summary>
    /// <seealso cref="MultilabelAccuracy"/>
    public static Tensor Accuracy(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelAccuracy(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The area under the precision-recall curve as a sum of steps, for several labels.</summary>
    /// <seealso cref="MultilabelAveragePrecision"/>
    public static Tensor AveragePrecision(
        Tensor preds,
        Tensor target,
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelAveragePrecision(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How often each class was taken for each, for several labels.</summary>
    /// <seealso cref="MultilabelConfusionMatrix"/>
    public static Tensor ConfusionMatrix(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelConfusionMatrix(numLabels, threshold, normalize, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How far down the ranking one must go to cover all true labels.</summary>
    /// <seealso cref="MultilabelCoverageError"/>
    public static Tensor CoverageError(Tensor preds, Tensor target, int numLabels, bool validateArgs = true)
        => Stateless.Once(new MultilabelCoverageError(numLabels, validateArgs), (preds, target));

    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several labels.</summary>
    /// <seealso cref="MultilabelEER"/>
    public static Tensor EER(
        Tensor preds,
        Tensor target,
        int numLabels,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelEER(numLabels, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The share of samples whose labels are all right.</summary>
    /// <seealso cref="MultilabelExactMatch"/>
    public static Tensor ExactMatch(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelExactMatch(numLabels, threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall, for several labels.</summary>
    /// <seealso cref="MultilabelF1Score"/>
    public static Tensor F1Score(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelF1Score(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for several labels.</summary>
    /// <seealso cref="MultilabelFBetaScore"/>
    public static Tensor FBetaScore(
        Tensor preds,
        Tensor target,
        double beta,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelFBetaScore(beta, numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The share of wrong decisions, for several labels.</summary>
    /// <seealso cref="MultilabelHammingDistance"/>
    public static Tensor HammingDistance(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelHammingDistance(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Intersection over union of decisions and truths, for several labels.</summary>
    /// <seealso cref="MultilabelJaccardIndex"/>
    public static Tensor JaccardIndex(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelJaccardIndex(numLabels, threshold, average, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for several labels.</summary>
    /// <seealso cref="MultilabelLogAUC"/>
    public static Tensor LogAUC(
        Tensor preds,
        Tensor target,
        int numLabels,
        Average average = Average.Macro,
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelLogAUC(numLabels, average, minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Matthews' correlation of decisions and truths, for several labels.</summary>
    /// <seealso cref="MultilabelMatthewsCorrCoef"/>
    public static Tensor MatthewsCorrCoef(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelMatthewsCorrCoef(numLabels, threshold, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negative decisions are right, for several labels.</summary>
    /// <seealso cref="MultilabelNegativePredictiveValue"/>
    public static Tensor NegativePredictiveValue(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelNegativePredictiveValue(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>How many of the positive decisions are right, for several labels.</summary>
    /// <seealso cref="MultilabelPrecision"/>
    public static Tensor Precision(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelPrecision(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best precision among thresholds with at least a given recall, for several labels.</summary>
    /// <seealso cref="MultilabelPrecisionAtFixedRecall"/>
    public static Tensor PrecisionAtFixedRecall(
        Tensor preds,
        Tensor target,
        int numLabels,
        double minRecall,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelPrecisionAtFixedRecall(numLabels, minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Precision and recall at every threshold, for several labels.</summary>
    /// <seealso cref="MultilabelPrecisionRecallCurve"/>
    public static Tensor PrecisionRecallCurve(
        Tensor preds,
        Tensor target,
        int numLabels,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelPrecisionRecallCurve(numLabels, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>False- and true-positive rate at every threshold, for several labels.</summary>
    /// <seealso cref="MultilabelROC"/>
    public static Tensor ROC(
        Tensor preds,
        Tensor target,
        int numLabels,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelROC(numLabels, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the labels ranked above each true label are true themselves.</summary>
    /// <seealso cref="MultilabelRankingAveragePrecision"/>
    public static Tensor RankingAveragePrecision(Tensor preds, Tensor target, int numLabels, bool validateArgs = true)
        => Stateless.Once(new MultilabelRankingAveragePrecision(numLabels, validateArgs), (preds, target));

    /// <summary>The share of pairs of a true and a false label that are ranked the wrong way round.</summary>
    /// <seealso cref="MultilabelRankingLoss"/>
    public static Tensor RankingLoss(Tensor preds, Tensor target, int numLabels, bool validateArgs = true)
        => Stateless.Once(new MultilabelRankingLoss(numLabels, validateArgs), (preds, target));

    /// <summary>How many of the positives are found, for several labels.</summary>
    /// <seealso cref="MultilabelRecall"/>
    public static Tensor Recall(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelRecall(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best recall among thresholds with at least a given precision, for several labels.</summary>
    /// <seealso cref="MultilabelRecallAtFixedPrecision"/>
    public static Tensor RecallAtFixedPrecision(
        Tensor preds,
        Tensor target,
        int numLabels,
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelRecallAtFixedPrecision(numLabels, minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for several labels.</summary>
    /// <seealso cref="MultilabelSensitivityAtSpecificity"/>
    public static Tensor SensitivityAtSpecificity(
        Tensor preds,
        Tensor target,
        int numLabels,
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelSensitivityAtSpecificity(numLabels, minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negatives are recognised, for several labels.</summary>
    /// <seealso cref="MultilabelSpecificity"/>
    public static Tensor Specificity(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelSpecificity(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for several labels.</summary>
    /// <seealso cref="MultilabelSpecificityAtSensitivity"/>
    public static Tensor SpecificityAtSensitivity(
        Tensor preds,
        Tensor target,
        int numLabels,
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelSpecificityAtSensitivity(numLabels, minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The counts themselves for several labels: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="MultilabelStatScores"/>
    public static Tensor StatScores(
        Tensor preds,
        Tensor target,
        int numLabels,
        double threshold = 0.5,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MultilabelStatScores(numLabels, threshold, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));
}
