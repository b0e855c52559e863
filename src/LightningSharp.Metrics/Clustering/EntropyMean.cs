namespace LightningSharp.Metrics.Clustering;

/// <summary>Means of two entropies.</summary>
internal static class EntropyMean
{
    internal static double Of(AverageMethod method, ClusterAgreement a) => method switch
    {
        AverageMethod.Arithmetic => (a.PredsEntropy + a.TargetEntropy) / 2,
        AverageMethod.Geometric => Math.Sqrt(a.PredsEntropy * a.TargetEntropy),
        AverageMethod.Min => Math.Min(a.PredsEntropy, a.TargetEntropy),
        _ => Math.Max(a.PredsEntropy, a.TargetEntropy),
    };
}
