using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How much a distribution p (first input) surprises one who expects q (second input), in nats.</summary>
/// <remarks>Σ p ln(p / q) for each row of [N, d]. S. Kullback and R. Leibler, 1951. Infinite where q is 0 and p is not. Negative numbers, NaN and infinity are refused unless inputs are logarithms.</remarks>
/// <param name="logProb">Whether inputs are logarithms of probabilities; otherwise rows are scaled to add up to one.</param>
/// <param name="reduction">What becomes of one value per row.</param>
public sealed class KLDivergence(bool logProb = false, RowReduction reduction = RowReduction.Mean)
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
        => LogProb ? Divergences.OfLogarithms(preds, target) : Divergences.Of(Divergences.Scaled(preds), Divergences.Scaled(target));
}
