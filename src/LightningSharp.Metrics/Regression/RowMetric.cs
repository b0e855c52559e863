using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>A metric with one value per row, reduced to a mean or sum, or kept.</summary>
public abstract class RowMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _values;
    private readonly MetricState _count;

    private protected RowMetric(RowReduction reduction)
    {
        Reduction = reduction;
        _values = reduction == RowReduction.None ? AddListState("values") : AddState("values", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>What becomes of one value per row.</summary>
    public RowReduction Reduction { get; }

    /// <summary>The value of each row of inputs of shape [N, d].</summary>
    private protected abstract Tensor Rows(Tensor preds, Tensor target);

    /// <summary>Refuses numbers that have no value.</summary>
    private protected virtual void CheckValues(Tensor preds, Tensor target)
    {
    }

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Dimensions(GetName(), preds, "preds", 2, "[N, d]");
        if (ChecksValues(preds)) CheckValues(preds, target);
        var rows = Rows(RegressionInput.Float(preds), RegressionInput.Float(target));
        if (Reduction == RowReduction.None) _values.Append(rows);
        else _values.Add(rows.sum(float64));
        _count.Add(rows.size(0));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Reduction switch
    {
        RowReduction.None => _values.Cat(),
        RowReduction.Sum => _values.Value.to(float32),
        _ => _values.Value.div(_count.Value).to(float32),
    };
}
