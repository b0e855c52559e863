using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>A metric that is a function of means, variances and the covariance of predictions and targets.</summary>
public abstract class MomentMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _moments;

    private protected MomentMetric(int numOutputs)
    {
        RegressionInput.Outputs(GetName(), numOutputs);
        NumOutputs = numOutputs;
        _moments = AddState("moments", PairMoments.Empty(numOutputs), StateReduction.Custom, PairMoments.Combine);
    }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"pair-moments/{NumOutputs}";

    /// <summary>How many outputs there are: columns of the inputs, each with a value of its own. One: inputs of any shape.</summary>
    public int NumOutputs { get; }

    /// <summary>The value of each output from moments of (predictions, targets).</summary>
    private protected abstract Tensor Score(PairMoments moments);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (x, y) = RegressionInput.Columns(GetName(), preds, target, NumOutputs);
        _moments.Set(PairMoments.Combine(_moments.Value, PairMoments.Of(x, y)));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var value = Score(new PairMoments(_moments.Value)).to(float32);
        return value.dim() == 1 && value.size(0) == 1 ? value.squeeze(0) : value;
    }

    /// <summary>One minus a share of what is to be explained: 1 where there is nothing to explain and no error, 0 where there is an error.</summary>
    private protected static Tensor Explained(Tensor error, Tensor total)
    {
        var (hasError, hasTotal) = (error.IsAbove(1e-8), total.IsAbove(1e-8));
        var score = error.div(total).OneMinus();
        return where(hasTotal.logical_and(hasError), score, hasError.logical_not().to(score.dtype));
    }

    private protected static Tensor Averaged(Tensor scores, Tensor weights, Multioutput multioutput) => multioutput switch
    {
        Multioutput.UniformAverage => scores.mean(),
        Multioutput.VarianceWeighted => (scores * weights / weights.sum()).sum(),
        _ => scores,
    };
}
