using LightningSharp.Metrics.Regression;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for regression: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class RegressionFunctions
{
    /// <summary>How closely pairs lie on the line prediction = target.</summary>
    /// <seealso cref="ConcordanceCorrCoef"/>
    public static Tensor ConcordanceCorrCoef(Tensor preds, Tensor target, int numOutputs = 1)
        => Stateless.Once(new ConcordanceCorrCoef(numOutputs), (preds, target));

    /// <summary>How well an ensemble of forecasts describes the target: the absolute error, generalised to distributions.</summary>
    /// <seealso cref="ContinuousRankedProbabilityScore"/>
    public static Tensor ContinuousRankedProbabilityScore(Tensor preds, Tensor target)
        => Stateless.Once(new ContinuousRankedProbabilityScore(), (preds, target));

    /// <summary>The cosine of the angle between prediction and target vectors.</summary>
    /// <seealso cref="CosineSimilarity"/>
    public static Tensor CosineSimilarity(Tensor preds, Tensor target, RowReduction reduction = RowReduction.Sum)
        => Stateless.Once(new CosineSimilarity(reduction), (preds, target));

    /// <summary>How well events above a threshold are forecast: hits among all events that were forecast or happened.</summary>
    /// <seealso cref="CriticalSuccessIndex"/>
    public static Tensor CriticalSuccessIndex(Tensor preds, Tensor target, double threshold)
        => Stateless.Once(new CriticalSuccessIndex(threshold), (preds, target));

    /// <summary>The share of the targets' variance that is not variance of errors: R² that forgives a constant offset.</summary>
    /// <seealso cref="ExplainedVariance"/>
    public static Tensor ExplainedVariance(
        Tensor preds,
        Tensor target,
        int numOutputs = 1,
        Multioutput multioutput = Multioutput.UniformAverage)
        => Stateless.Once(new ExplainedVariance(numOutputs, multioutput), (preds, target));

    /// <summary>The mean divergence of two distributions from their middle, in nats: symmetric, at most ln 2.</summary>
    /// <seealso cref="JensenShannonDivergence"/>
    public static Tensor JensenShannonDivergence(Tensor preds, Tensor target, bool logProb = false, RowReduction reduction = RowReduction.Mean)
        => Stateless.Once(new JensenShannonDivergence(logProb, reduction), (preds, target));

    /// <summary>How much a distribution p (first input) surprises one who expects q (second input), in nats.</summary>
    /// <seealso cref="KLDivergence"/>
    public static Tensor KLDivergence(Tensor preds, Tensor target, bool logProb = false, RowReduction reduction = RowReduction.Mean)
        => Stateless.Once(new KLDivergence(logProb, reduction), (preds, target));

    /// <summary>How many more pairs are in the same order than in the opposite one.</summary>
    /// <seealso cref="KendallRankCorrCoef"/>
    public static Tensor KendallRankCorrCoef(Tensor preds, Tensor target, KendallVariant variant = KendallVariant.B, int numOutputs = 1)
        => Stateless.Once(new KendallRankCorrCoef(variant, numOutputs), (preds, target));

    /// <summary>The mean of the logarithm of the hyperbolic cosine of errors: squared for small ones, absolute for large ones.</summary>
    /// <seealso cref="LogCoshError"/>
    public static Tensor LogCoshError(Tensor preds, Tensor target, int numOutputs = 1)
        => Stateless.Once(new LogCoshError(numOutputs), (preds, target));

    /// <summary>The mean of absolute errors.</summary>
    /// <seealso cref="MeanAbsoluteError"/>
    public static Tensor MeanAbsoluteError(Tensor preds, Tensor target, int numOutputs = 1)
        => Stateless.Once(new MeanAbsoluteError(numOutputs), (preds, target));

    /// <summary>The mean of errors relative to the target.</summary>
    /// <seealso cref="MeanAbsolutePercentageError"/>
    public static Tensor MeanAbsolutePercentageError(Tensor preds, Tensor target)
        => Stateless.Once(new MeanAbsolutePercentageError(), (preds, target));

    /// <summary>The mean of squared errors, or its root.</summary>
    /// <seealso cref="MeanSquaredError"/>
    public static Tensor MeanSquaredError(Tensor preds, Tensor target, bool squared = true, int numOutputs = 1)
        => Stateless.Once(new MeanSquaredError(squared, numOutputs), (preds, target));

    /// <summary>The mean of squared differences of logarithms.</summary>
    /// <seealso cref="MeanSquaredLogError"/>
    public static Tensor MeanSquaredLogError(Tensor preds, Tensor target)
        => Stateless.Once(new MeanSquaredLogError(), (preds, target));

    /// <summary>The p-norm of the errors.</summary>
    /// <seealso cref="MinkowskiDistance"/>
    public static Tensor MinkowskiDistance(Tensor preds, Tensor target, double p)
        => Stateless.Once(new MinkowskiDistance(p), (preds, target));

    /// <summary>The root mean squared error relative to the size of the targets.</summary>
    /// <seealso cref="NormalizedRootMeanSquaredError"/>
    public static Tensor NormalizedRootMeanSquaredError(
        Tensor preds,
        Tensor target,
        ErrorNormalization normalization = ErrorNormalization.Mean,
        int numOutputs = 1)
        => Stateless.Once(new NormalizedRootMeanSquaredError(normalization, numOutputs), (preds, target));

    /// <summary>The linear correlation of predictions and targets.</summary>
    /// <seealso cref="PearsonCorrCoef"/>
    public static Tensor PearsonCorrCoef(Tensor preds, Tensor target, int numOutputs = 1)
        => Stateless.Once(new PearsonCorrCoef(numOutputs), (preds, target));

    /// <summary>The share of the targets' variance that predictions account for.</summary>
    /// <seealso cref="R2Score"/>
    public static Tensor R2Score(
        Tensor preds,
        Tensor target,
        int numOutputs = 1,
        int adjusted = 0,
        Multioutput multioutput = Multioutput.UniformAverage)
        => Stateless.Once(new R2Score(numOutputs, adjusted, multioutput), (preds, target));

    /// <summary>The squared error relative to that of always predicting the mean.</summary>
    /// <seealso cref="RelativeSquaredError"/>
    public static Tensor RelativeSquaredError(Tensor preds, Tensor target, int numOutputs = 1, bool squared = true)
        => Stateless.Once(new RelativeSquaredError(numOutputs, squared), (preds, target));

    /// <summary>The correlation of ranks: whether one grows with the other, linearly or not.</summary>
    /// <seealso cref="SpearmanCorrCoef"/>
    public static Tensor SpearmanCorrCoef(Tensor preds, Tensor target, int numOutputs = 1)
        => Stateless.Once(new SpearmanCorrCoef(numOutputs), (preds, target));

    /// <summary>The mean of errors relative to the mean size of prediction and target.</summary>
    /// <seealso cref="SymmetricMeanAbsolutePercentageError"/>
    public static Tensor SymmetricMeanAbsolutePercentageError(Tensor preds, Tensor target)
        => Stateless.Once(new SymmetricMeanAbsolutePercentageError(), (preds, target));

    /// <summary>The mean deviance of a Tweedie distribution: squared error (power 0), Poisson (1), gamma (2) and between.</summary>
    /// <seealso cref="TweedieDevianceScore"/>
    public static Tensor TweedieDevianceScore(Tensor preds, Tensor target, double power = 0)
        => Stateless.Once(new TweedieDevianceScore(power), (preds, target));

    /// <summary>The sum of errors relative to the sum of targets.</summary>
    /// <seealso cref="WeightedMeanAbsolutePercentageError"/>
    public static Tensor WeightedMeanAbsolutePercentageError(Tensor preds, Tensor target)
        => Stateless.Once(new WeightedMeanAbsolutePercentageError(), (preds, target));
}
