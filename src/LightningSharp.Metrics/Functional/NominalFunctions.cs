using LightningSharp.Metrics.Nominal;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for the association of categories: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class NominalFunctions
{
    /// <summary>The strength of association, 0 … 1.</summary>
    /// <seealso cref="CramersV"/>
    public static Tensor CramersV(Tensor preds, Tensor target, int numClasses, bool biasCorrection = true)
        => Stateless.Once(new CramersV(numClasses, biasCorrection), (preds, target));

    /// <summary>How much raters agree on the categories of subjects beyond chance.</summary>
    /// <seealso cref="FleissKappa"/>
    public static Tensor FleissKappa(Tensor ratings, FleissMode mode = FleissMode.Counts)
        => Stateless.Once(new FleissKappa(mode), ratings);

    /// <summary>The strength of association, 0 … below 1.</summary>
    /// <seealso cref="PearsonsContingencyCoefficient"/>
    public static Tensor PearsonsContingencyCoefficient(Tensor preds, Tensor target, int numClasses)
        => Stateless.Once(new PearsonsContingencyCoefficient(numClasses), (preds, target));

    /// <summary>The share of the prediction's uncertainty that the target takes away, 0 … 1; not symmetric.</summary>
    /// <seealso cref="TheilsU"/>
    public static Tensor TheilsU(Tensor preds, Tensor target, int numClasses)
        => Stateless.Once(new TheilsU(numClasses), (preds, target));

    /// <summary>The strength of association, 0 … 1, 1 only for square tables.</summary>
    /// <seealso cref="TschuprowsT"/>
    public static Tensor TschuprowsT(Tensor preds, Tensor target, int numClasses, bool biasCorrection = true)
        => Stateless.Once(new TschuprowsT(numClasses, biasCorrection), (preds, target));
}
