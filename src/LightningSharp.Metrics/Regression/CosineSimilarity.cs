using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The cosine of the angle between prediction and target vectors.</summary>
/// <remarks>p·t / (|p| |t|) for each row of [N, d].</remarks>
/// <param name="reduction">What becomes of one value per row.</param>
public sealed class CosineSimilarity(RowReduction reduction = RowReduction.Sum)
    : RowMetric(reduction)
{
    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    private protected override Tensor Rows(Tensor preds, Tensor target) => preds.mul(target).sum(1).div(preds.square().sum(1).sqrt().mul(target.square().sum(1).sqrt()));
}
