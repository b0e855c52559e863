using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>Mutual information beyond chance: 0 for random groupings, 1 for equal ones.</summary>
/// <remarks>(MI − E[MI]) / (mean(H) − E[MI]). N. X. Vinh et al., 2010.</remarks>
/// <param name="averageMethod">The mean of the entropies.</param>
public sealed class AdjustedMutualInfoScore(AverageMethod averageMethod = AverageMethod.Arithmetic)
    : ClusterAgreementMetric
{
    /// <summary>The mean of the entropies.</summary>
    public AverageMethod AverageMethod { get; } = averageMethod;

    private protected override double Score(ClusterAgreement agreement)
    {
        if (agreement.IsTrivial) return 1;
        var expected = agreement.ExpectedMutualInformation();
        var span = EntropyMean.Of(AverageMethod, agreement) - expected;
        const double small = 2.220446049250313e-16; // keeps the sign where the span vanishes
        span = span < 0 ? Math.Min(span, -small) : Math.Max(span, small);
        return (agreement.MutualInformation - expected) / span;
    }
}
