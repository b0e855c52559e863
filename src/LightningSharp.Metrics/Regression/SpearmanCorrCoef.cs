using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The correlation of ranks: whether one grows with the other, linearly or not.</summary>
/// <remarks>Pearson's correlation of ranks, equal values sharing the mean rank. C. Spearman, 1904. Keeps all pairs.</remarks>
/// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
public sealed class SpearmanCorrCoef(int numOutputs = 1)
    : PairListMetric(numOutputs)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected override Tensor Score(Tensor preds, Tensor target)
        => Correlation.Of(new PairMoments(PairMoments.Of(Ranks.Mean(preds).unsqueeze(1), Ranks.Mean(target).unsqueeze(1)))).squeeze(0);
}
