using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>Mutual information relative to the groupings' entropies, 0 … 1.</summary>
/// <remarks>MI / mean(H). 0 where the information is 0.</remarks>
/// <param name="averageMethod">The mean of the entropies.</param>
public sealed class NormalizedMutualInfoScore(AverageMethod averageMethod = AverageMethod.Arithmetic)
    : ClusterAgreementMetric
{
    /// <summary>The mean of the entropies.</summary>
    public AverageMethod AverageMethod { get; } = averageMethod;

    private protected override double Score(ClusterAgreement agreement) => agreement.MutualInformation <= double.Epsilon ? 0 : agreement.MutualInformation / EntropyMean.Of(AverageMethod, agreement);
}
