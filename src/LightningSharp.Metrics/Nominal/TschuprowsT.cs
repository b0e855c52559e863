using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Nominal;

/// <summary>The strength of association, 0 … 1, 1 only for square tables.</summary>
/// <remarks>√(φ² / √((r − 1)(c − 1))); bias correction after W. Bergsma, 2013. A. Tschuprow, 1939. NaN with one category.</remarks>
/// <param name="numClasses">How many categories the variables have at most.</param>
/// <param name="biasCorrection">Whether the bias of small samples is taken out.</param>
public sealed class TschuprowsT(int numClasses, bool biasCorrection = true)
    : NominalMetric(numClasses)
{
    /// <summary>Whether the bias of small samples is taken out.</summary>
    public bool BiasCorrection { get; } = biasCorrection;

    private protected override double Score(Contingency table)
    {
        if (Math.Min(table.Rows, table.Columns) < 2) return double.NaN;
        if (!BiasCorrection) return Math.Min(1, Math.Sqrt(table.PhiSquared(false) / Math.Sqrt((table.Rows - 1) * (table.Columns - 1))));
        var (phi, rows, columns) = table.Corrected();
        return Math.Min(rows, columns) <= 1 ? double.NaN : Math.Clamp(Math.Sqrt(phi / Math.Sqrt((rows - 1) * (columns - 1))), 0, 1);
    }
}
