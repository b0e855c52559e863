using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Nominal;

/// <summary>The share of the prediction's uncertainty that the target takes away, 0 … 1; not symmetric.</summary>
/// <remarks>(H(x) − H(x | y)) / H(x). H. Theil, 1970. 0 where there is no uncertainty.</remarks>
/// <param name="numClasses">How many categories the variables have at most.</param>
public sealed class TheilsU(int numClasses)
    : NominalMetric(numClasses)
{
    private protected override double Score(Contingency table)
    {
        var entropy = table.ColumnEntropy();
        return entropy == 0 ? 0 : (entropy - table.ColumnEntropyGivenRow()) / entropy;
    }
}
