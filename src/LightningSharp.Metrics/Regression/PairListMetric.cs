using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>A metric that needs every pair at once, such as a rank correlation: it keeps them all.</summary>
public abstract class PairListMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _preds;
    private readonly MetricState _target;

    private protected PairListMetric(int numOutputs)
    {
        RegressionInput.Outputs(GetName(), numOutputs);
        NumOutputs = numOutputs;
        _preds = AddListState("preds");
        _target = AddListState("target");
    }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"pairs/{NumOutputs}";

    /// <summary>How many outputs there are: columns of the inputs, each with a value of its own. One: inputs of any shape.</summary>
    public int NumOutputs { get; }

    /// <summary>The value of one output from all its pairs, float64 on the host or device.</summary>
    private protected abstract Tensor Score(Tensor preds, Tensor target);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (x, y) = RegressionInput.Columns(GetName(), preds, target, NumOutputs);
        _preds.Append(x);
        _target.Append(y);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var (x, y) = (_preds.Cat(), _target.Cat());
        var scores = Enumerable.Range(0, NumOutputs).Select(c => Score(x.select(1, c), y.select(1, c)).to(float32)).ToArray();
        return NumOutputs == 1 ? scores[0] : stack(scores, 0);
    }
}
