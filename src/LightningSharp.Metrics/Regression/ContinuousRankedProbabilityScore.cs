using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>How well an ensemble of forecasts describes the target: the absolute error, generalised to distributions.</summary>
/// <remarks>Mean over samples of (1/m) Σ |xᵢ − y| − (1/2m²) Σ |xᵢ − xⱼ| for predictions [N, m] and targets [N]. T. Gneiting and A. Raftery, 2007. One forecast gives the absolute error.</remarks>
public sealed class ContinuousRankedProbabilityScore : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    public ContinuousRankedProbabilityScore()
    {
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.Dimensions(GetName(), preds, "preds", 2, "[N, ensemble]");
        if (target.dim() != 1 || target.size(0) != preds.size(0))
        {
            throw new ArgumentException($"{GetName()} wants target of shape [{preds.size(0)}], one per row of preds. Received: {InputCheck.Shape(target)}.");
        }

        var members = RegressionInput.Float(preds);
        var error = members.Minus(RegressionInput.Float(target).unsqueeze(1)).abs().mean([1L]);
        // Half the mean distance of two members, from order statistics instead of all pairs: Σ (2i − m − 1) x₍ᵢ₎ / m².
        var m = members.size(1);
        var weights = Numbers.Range(m, members.device, 2).Plus(1 - m).to(members.dtype);
        var spread = members.sort(1).Values.mul(weights).sum(1).Over(m * m);
        _sum.Add(error.Minus(spread).sum(float64));
        _count.Add(members.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);
}
