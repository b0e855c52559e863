using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>How much one grouping tells about the other, in nats.</summary>
/// <remarks>Σ p(i, j) ln(p(i, j) / (p(i) p(j))).</remarks>
public sealed class MutualInfoScore
    : ClusterAgreementMetric
{
    private protected override double Score(ClusterAgreement agreement) => agreement.MutualInformation;
}
