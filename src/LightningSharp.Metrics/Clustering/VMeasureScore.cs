using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>The weighted harmonic mean of homogeneity and completeness.</summary>
/// <remarks>(1 + β) h c / (β h + c). A. Rosenberg and J. Hirschberg, 2007. 0 where both are 0.</remarks>
/// <param name="beta">How much more completeness counts than homogeneity; positive.</param>
public sealed class VMeasureScore(double beta = 1)
    : ClusterAgreementMetric
{
    /// <summary>How much more completeness counts than homogeneity.</summary>
    public double Beta { get; } = beta > 0 ? beta : throw new ArgumentOutOfRangeException(nameof(beta), beta, $"VMeasureScore wants a positive beta. Received: {beta}.");

    private protected override double Score(ClusterAgreement agreement)
    {
        var h = agreement.TargetEntropy == 0 ? 1 : agreement.MutualInformation / agreement.TargetEntropy;
        var c = agreement.PredsEntropy == 0 ? 1 : agreement.MutualInformation / agreement.PredsEntropy;
        return h + c == 0 ? 1 : (1 + Beta) * h * c / ((Beta * h) + c);
    }
}
