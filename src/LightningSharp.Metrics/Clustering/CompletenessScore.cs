using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>Whether all things of a true group are in one predicted group.</summary>
/// <remarks>MI / H(prediction). A. Rosenberg and J. Hirschberg, 2007. 1 where the prediction has no entropy.</remarks>
public sealed class CompletenessScore
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement) => agreement.PredsEntropy == 0 ? 1 : agreement.MutualInformation / agreement.PredsEntropy;
}
