using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>Whether each predicted group holds things of one true group only.</summary>
/// <remarks>MI / H(target). A. Rosenberg and J. Hirschberg, 2007. 1 where the target has no entropy.</remarks>
public sealed class HomogeneityScore
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement) => agreement.TargetEntropy == 0 ? 1 : agreement.MutualInformation / agreement.TargetEntropy;
}
