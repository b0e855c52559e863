using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The sum of errors relative to the sum of targets.</summary>
/// <remarks>Σ |p − t| / max(Σ |t|, 1.17e−6).</remarks>
public sealed class WeightedMeanAbsolutePercentageError : Metric<Tensor, Tensor>
{
    private readonly MetricState _errors;
    private readonly MetricState _scale;

    /// <summary>Creates the metric.</summary>
    public WeightedMeanAbsolutePercentageError()
    {
        _errors = AddState("errors", zeros([], float64));
        _scale = AddState("scale", zeros([], float64));
    }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (x, y) = RegressionInput.Columns(GetName(), preds, target, 1);
        _errors.Add(x.Minus(y).abs().sum(float64));
        _scale.Add(y.abs().sum(float64));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _errors.Value.div(RelativeErrors.AtLeastSmall(_scale.Value)).to(float32);
}
