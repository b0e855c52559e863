using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The mean divergence of two distributions from their middle, in nats: symmetric, at most ln 2.</summary>
/// <remarks>½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q) / 2, for each row of [N, d]. Negative numbers, NaN and infinity are refused unless inputs are logarithms.</remarks>
/// <param name="logProb">Whether inputs are logarithms of probabilities; otherwise rows are scaled to add up to one.</param>
/// <param name="reduction">What becomes of one value per row.</param>
public sealed class JensenShannonDivergence(bool logProb = false, RowReduction reduction = RowReduction.Mean)
    : RowMetric(reduction)
{
    /// <summary>Whether inputs are logarithms of probabilities; otherwise rows are scaled to add up to one.</summary>
    public bool LogProb { get; } = logProb;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override void CheckValues(Tensor preds, Tensor target)
    {
        if (!LogProb) Divergences.Check(GetName(), preds, target);
    }

    private protected override Tensor Rows(Tensor preds, Tensor target)
    {
        var (p, q) = LogProb ? (preds.exp(), target.exp()) : (Divergences.Scaled(preds), Divergences.Scaled(target));
        var middle = p.Plus(q).div(Numbers.Two);
        return Divergences.Of(p, middle).Plus(Divergences.Of(q, middle)).div(Numbers.Two);
    }
}
