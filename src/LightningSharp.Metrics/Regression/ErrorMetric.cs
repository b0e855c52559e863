using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>A metric that is a function of a sum of errors and the number of samples, for each output.</summary>
public abstract class ErrorMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    protected ErrorMetric(int numOutputs)
    {
        RegressionInput.Outputs(GetName(), numOutputs);
        NumOutputs = numOutputs;
        _sum = AddState("sum", zeros(numOutputs, float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many outputs there are: columns of the inputs, each with a value of its own. One: inputs of any shape, one value.</summary>
    public int NumOutputs { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <summary>The error of each element, of the inputs' shape.</summary>
    protected abstract Tensor Errors(Tensor preds, Tensor target);

    /// <summary>The value from the sums: their mean unless overridden.</summary>
    protected virtual Tensor Score(Tensor sum, Tensor count) => sum.div(count);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (x, y) = RegressionInput.Columns(GetName(), preds, target, NumOutputs);
        _sum.Add(Errors(x, y).sum(0L, type: float64));
        _count.Add(x.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var value = Score(_sum.Value, _count.Value).to(float32);
        return NumOutputs == 1 ? value.squeeze(0) : value;
    }
}
