using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>The root mean squared error relative to the size of the targets.</summary>
/// <remarks>√(Σ (p − t)² / n) / d, see <see cref="ErrorNormalization"/>.</remarks>
public sealed class NormalizedRootMeanSquaredError : MomentMetric
{
    private readonly MetricState _low;
    private readonly MetricState _high;

    /// <summary>Creates the metric.</summary>
    /// <param name="normalization">What d is.</param>
    /// <param name="numOutputs">How many outputs there are: columns of the inputs.</param>
    public NormalizedRootMeanSquaredError(ErrorNormalization normalization = ErrorNormalization.Mean, int numOutputs = 1)
        : base(numOutputs)
    {
        Normalization = normalization;
        _low = AddState("low", Numbers.Filled([numOutputs], double.PositiveInfinity, float32), StateReduction.Min);
        _high = AddState("high", Numbers.Filled([numOutputs], double.NegativeInfinity, float32), StateReduction.Max);
    }

    /// <summary>What d is.</summary>
    public ErrorNormalization Normalization { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    protected internal override string? StateKey => null; // more than the moments

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        base.UpdateStates(preds, target);
        if (Normalization != ErrorNormalization.Range) return;
        var columns = RegressionInput.Float(target).reshape(-1, NumOutputs);
        _low.Set(_low.Value.minimum(columns.amin([0L])));
        _high.Set(_high.Value.maximum(columns.amax([0L])));
    }

    private protected override Tensor Score(PairMoments moments)
    {
        var error = (moments.SquaredErrors / moments.Count).sqrt();
        return error / (Normalization switch
        {
            ErrorNormalization.Mean => moments.MeanY,
            ErrorNormalization.Range => _high.Value - _low.Value,
            ErrorNormalization.Std => (moments.YY / moments.Count).sqrt(),
            _ => moments.YY.Plus(moments.Count.mul(moments.MeanY.square())).sqrt(),
        });
    }
}
