using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Nominal;

/// <summary>The strength of association, 0 … below 1.</summary>
/// <remarks>√(φ² / (1 + φ²)). K. Pearson, 1904.</remarks>
/// <param name="numClasses">How many categories the variables have at most.</param>
public sealed class PearsonsContingencyCoefficient(int numClasses)
    : NominalMetric(numClasses)
{
    private protected override double Score(Contingency table)
    {
        var phi = table.PhiSquared(false);
        return Math.Sqrt(phi / (1 + phi));
    }
}
