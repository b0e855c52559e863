using LightningSharp.Metrics.Classification;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for classification into two classes: one call, one value. Parameters as in the constructor of the metric named under "see also", and its <c>Scores</c>.
/// Gradients flow where the formula allows it.
/// </summary>
public static class BinaryFunctions
{
    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for two classes.</summary>
    /// <seealso cref="BinaryAUROC"/>
    public static Tensor AUROC(
        Tensor preds,
        Tensor target,
        double? maxFpr = null,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryAUROC(maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The share of right decisions, for two classes.</summary>
    /// <seealso cref="BinaryAccuracy"/>
    public static Tensor Accuracy(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryAccuracy(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The area under the precision-recall curve as a sum of steps, for two classes.</summary>
    /// <seealso cref="BinaryAveragePrecision"/>
    public static Tensor AveragePrecision(
        Tensor preds,
        Tensor target,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryAveragePrecision(thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How far confidence and accuracy are apart, for two classes.</summary>
    /// <seealso cref="BinaryCalibrationError"/>
    public static Tensor CalibrationError(
        Tensor preds,
        Tensor target,
        int bins = 15,
        CalibrationNorm norm = CalibrationNorm.L1,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryCalibrationError(bins, norm, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Agreement of decisions and truths beyond chance, for two classes.</summary>
    /// <seealso cref="BinaryCohenKappa"/>
    public static Tensor CohenKappa(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        KappaWeights weights = KappaWeights.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryCohenKappa(threshold, weights, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How often each class was taken for each, for two classes.</summary>
    /// <seealso cref="BinaryConfusionMatrix"/>
    public static Tensor ConfusionMatrix(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryConfusionMatrix(threshold, normalize, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for two classes.</summary>
    /// <seealso cref="BinaryEER"/>
    public static Tensor EER(
        Tensor preds,
        Tensor target,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryEER(thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall, for two classes.</summary>
    /// <seealso cref="BinaryF1Score"/>
    public static Tensor F1Score(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryF1Score(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for two classes.</summary>
    /// <seealso cref="BinaryFBetaScore"/>
    public static Tensor FBetaScore(
        Tensor preds,
        Tensor target,
        double beta,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryFBetaScore(beta, threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>How much less one group gets than another: the lowest rate of a group divided by the highest.</summary>
    /// <seealso cref="BinaryFairness"/>
    public static Tensor Fairness(
        Tensor preds,
        Tensor target,
        Tensor groups,
        int numGroups,
        FairnessTask task = FairnessTask.All,
        double threshold = 0.5,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryFairness(numGroups, task, threshold, ignoreIndex, validateArgs) { Scores = scores }, (preds, target, groups));

    /// <summary>The rates of true and false, positive and negative decisions within each group.</summary>
    /// <seealso cref="BinaryGroupStatRates"/>
    public static Tensor GroupStatRates(
        Tensor preds,
        Tensor target,
        Tensor groups,
        int numGroups,
        double threshold = 0.5,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryGroupStatRates(numGroups, threshold, ignoreIndex, validateArgs) { Scores = scores }, (preds, target, groups));

    /// <summary>The share of wrong decisions, for two classes.</summary>
    /// <seealso cref="BinaryHammingDistance"/>
    public static Tensor HammingDistance(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryHammingDistance(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How far predictions are on the wrong side of the margin, for two classes.</summary>
    /// <seealso cref="BinaryHingeLoss"/>
    public static Tensor HingeLoss(
        Tensor preds,
        Tensor target,
        bool squared = false,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryHingeLoss(squared, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Intersection over union of decisions and truths, for two classes.</summary>
    /// <seealso cref="BinaryJaccardIndex"/>
    public static Tensor JaccardIndex(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryJaccardIndex(threshold, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for two classes.</summary>
    /// <seealso cref="BinaryLogAUC"/>
    public static Tensor LogAUC(
        Tensor preds,
        Tensor target,
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryLogAUC(minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Matthews' correlation of decisions and truths, for two classes.</summary>
    /// <seealso cref="BinaryMatthewsCorrCoef"/>
    public static Tensor MatthewsCorrCoef(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryMatthewsCorrCoef(threshold, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negative decisions are right, for two classes.</summary>
    /// <seealso cref="BinaryNegativePredictiveValue"/>
    public static Tensor NegativePredictiveValue(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryNegativePredictiveValue(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>How many of the positive decisions are right, for two classes.</summary>
    /// <seealso cref="BinaryPrecision"/>
    public static Tensor Precision(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryPrecision(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best precision among thresholds with at least a given recall, for two classes.</summary>
    /// <seealso cref="BinaryPrecisionAtFixedRecall"/>
    public static Tensor PrecisionAtFixedRecall(
        Tensor preds,
        Tensor target,
        double minRecall,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryPrecisionAtFixedRecall(minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Precision and recall at every threshold, for two classes.</summary>
    /// <seealso cref="BinaryPrecisionRecallCurve"/>
    public static Tensor PrecisionRecallCurve(
        Tensor preds,
        Tensor target,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryPrecisionRecallCurve(thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>False- and true-positive rate at every threshold, for two classes.</summary>
    /// <seealso cref="BinaryROC"/>
    public static Tensor ROC(
        Tensor preds,
        Tensor target,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryROC(thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the positives are found, for two classes.</summary>
    /// <seealso cref="BinaryRecall"/>
    public static Tensor Recall(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryRecall(threshold, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best recall among thresholds with at least a given precision, for two classes.</summary>
    /// <seealso cref="BinaryRecallAtFixedPrecision"/>
    public static Tensor RecallAtFixedPrecision(
        Tensor preds,
        Tensor target,
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryRecallAtFixedPrecision(minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for two classes.</summary>
    /// <seealso cref="BinarySensitivityAtSpecificity"/>
    public static Tensor SensitivityAtSpecificity(
        Tensor preds,
        Tensor target,
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinarySensitivityAtSpecificity(minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negatives are recognised, for two classes.</summary>
    /// <seealso cref="BinarySpecificity"/>
    public static Tensor Specificity(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinarySpecificity(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for two classes.</summary>
    /// <seealso cref="BinarySpecificityAtSensitivity"/>
    public static Tensor SpecificityAtSensitivity(
        Tensor preds,
        Tensor target,
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinarySpecificityAtSensitivity(minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The counts themselves for two classes: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="BinaryStatScores"/>
    public static Tensor StatScores(
        Tensor preds,
        Tensor target,
        double threshold = 0.5,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new BinaryStatScores(threshold, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));
}
