using LightningSharp.Metrics.Classification;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for classification into several classes: one call, one value. Parameters as in the constructor of the metric named under "see also", and its <c>Scores</c>.
/// Gradients flow where the formula allows it.
/// </summary>
public static class MulticlassFunctions
{
    /// <summary>The area under the ROC curve: the chance that a positive scores higher than a negative, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassAUROC"/>
    public static Tensor AUROC(
        Tensor preds,
        Tensor target,
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassAUROC(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The share of right decisions, for several classes.</summary>
    /// <seealso cref="MulticlassAccuracy"/>
    public static Tensor Accuracy(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassAccuracy(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The area under the precision-recall curve as a sum of steps, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassAveragePrecision"/>
    public static Tensor AveragePrecision(
        Tensor preds,
        Tensor target,
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassAveragePrecision(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How far confidence and accuracy are apart, for several classes.</summary>
    /// <seealso cref="MulticlassCalibrationError"/>
    public static Tensor CalibrationError(
        Tensor preds,
        Tensor target,
        int numClasses,
        int bins = 15,
        CalibrationNorm norm = CalibrationNorm.L1,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassCalibrationError(numClasses, bins, norm, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Agreement of decisions and truths beyond chance, for several classes.</summary>
    /// <seealso cref="MulticlassCohenKappa"/>
    public static Tensor CohenKappa(
        Tensor preds,
        Tensor target,
        int numClasses,
        KappaWeights weights = KappaWeights.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassCohenKappa(numClasses, weights, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How often each class was taken for each, for several classes.</summary>
    /// <seealso cref="MulticlassConfusionMatrix"/>
    public static Tensor ConfusionMatrix(
        Tensor preds,
        Tensor target,
        int numClasses,
        Normalization normalize = Normalization.None,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassConfusionMatrix(numClasses, normalize, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The equal error rate: where as many positives are missed as negatives are taken, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassEER"/>
    public static Tensor EER(
        Tensor preds,
        Tensor target,
        int numClasses,
        Average average = Average.Macro,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassEER(numClasses, average, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The share of samples whose positions are all right.</summary>
    /// <seealso cref="MulticlassExactMatch"/>
    public static Tensor ExactMatch(
        Tensor preds,
        Tensor target,
        int numClasses,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassExactMatch(numClasses, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall, for several classes.</summary>
    /// <seealso cref="MulticlassF1Score"/>
    public static Tensor F1Score(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassF1Score(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The harmonic mean of precision and recall with recall counting β times as much, for several classes.</summary>
    /// <seealso cref="MulticlassFBetaScore"/>
    public static Tensor FBetaScore(
        Tensor preds,
        Tensor target,
        double beta,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassFBetaScore(beta, numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The share of wrong decisions, for several classes.</summary>
    /// <seealso cref="MulticlassHammingDistance"/>
    public static Tensor HammingDistance(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassHammingDistance(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How far predictions are on the wrong side of the margin, for several classes.</summary>
    /// <seealso cref="MulticlassHingeLoss"/>
    public static Tensor HingeLoss(
        Tensor preds,
        Tensor target,
        int numClasses,
        bool squared = false,
        HingeMode multiclassMode = HingeMode.CrammerSinger,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassHingeLoss(numClasses, squared, multiclassMode, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Intersection over union of decisions and truths, for several classes.</summary>
    /// <seealso cref="MulticlassJaccardIndex"/>
    public static Tensor JaccardIndex(
        Tensor preds,
        Tensor target,
        int numClasses,
        Average average = Average.Macro,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassJaccardIndex(numClasses, average, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The area under the ROC curve over the logarithm of the false-positive rate within a range, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassLogAUC"/>
    public static Tensor LogAUC(
        Tensor preds,
        Tensor target,
        int numClasses,
        Average average = Average.Macro,
        double minFpr = 0.001,
        double maxFpr = 0.1,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassLogAUC(numClasses, average, minFpr, maxFpr, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Matthews' correlation of decisions and truths, for several classes.</summary>
    /// <seealso cref="MulticlassMatthewsCorrCoef"/>
    public static Tensor MatthewsCorrCoef(Tensor preds, Tensor target, int numClasses, long? ignoreIndex = null, bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassMatthewsCorrCoef(numClasses, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negative decisions are right, for several classes.</summary>
    /// <seealso cref="MulticlassNegativePredictiveValue"/>
    public static Tensor NegativePredictiveValue(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassNegativePredictiveValue(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>How many of the positive decisions are right, for several classes.</summary>
    /// <seealso cref="MulticlassPrecision"/>
    public static Tensor Precision(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassPrecision(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best precision among thresholds with at least a given recall, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassPrecisionAtFixedRecall"/>
    public static Tensor PrecisionAtFixedRecall(
        Tensor preds,
        Tensor target,
        int numClasses,
        double minRecall,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassPrecisionAtFixedRecall(numClasses, minRecall, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>Precision and recall at every threshold, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassPrecisionRecallCurve"/>
    public static Tensor PrecisionRecallCurve(
        Tensor preds,
        Tensor target,
        int numClasses,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassPrecisionRecallCurve(numClasses, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>False- and true-positive rate at every threshold, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassROC"/>
    public static Tensor ROC(
        Tensor preds,
        Tensor target,
        int numClasses,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassROC(numClasses, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the positives are found, for several classes.</summary>
    /// <seealso cref="MulticlassRecall"/>
    public static Tensor Recall(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true,
        double zeroDivision = 0, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassRecall(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs, zeroDivision) { Scores = scores }, (preds, target));

    /// <summary>The best recall among thresholds with at least a given precision, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassRecallAtFixedPrecision"/>
    public static Tensor RecallAtFixedPrecision(
        Tensor preds,
        Tensor target,
        int numClasses,
        double minPrecision,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassRecallAtFixedPrecision(numClasses, minPrecision, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best sensitivity (recall) among thresholds with at least a given specificity, for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassSensitivityAtSpecificity"/>
    public static Tensor SensitivityAtSpecificity(
        Tensor preds,
        Tensor target,
        int numClasses,
        double minSpecificity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassSensitivityAtSpecificity(numClasses, minSpecificity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>How many of the negatives are recognised, for several classes.</summary>
    /// <seealso cref="MulticlassSpecificity"/>
    public static Tensor Specificity(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassSpecificity(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The best specificity among thresholds with at least a given sensitivity (recall), for several classes, each against the rest.</summary>
    /// <seealso cref="MulticlassSpecificityAtSensitivity"/>
    public static Tensor SpecificityAtSensitivity(
        Tensor preds,
        Tensor target,
        int numClasses,
        double minSensitivity,
        Thresholds? thresholds = null,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassSpecificityAtSensitivity(numClasses, minSensitivity, thresholds, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));

    /// <summary>The counts themselves for several classes: true positives, false positives, true negatives, false negatives and support, in the last dimension.</summary>
    /// <seealso cref="MulticlassStatScores"/>
    public static Tensor StatScores(
        Tensor preds,
        Tensor target,
        int numClasses,
        int topK = 1,
        Average average = Average.Macro,
        MultidimAverage multidimAverage = MultidimAverage.Global,
        long? ignoreIndex = null,
        bool validateArgs = true, ScoreKind scores = ScoreKind.Auto)
        => Stateless.Once(new MulticlassStatScores(numClasses, topK, average, multidimAverage, ignoreIndex, validateArgs) { Scores = scores }, (preds, target));
}
