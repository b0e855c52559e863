using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>A quality of groups by the data in them, without a truth. Inputs: data [N, d] and group numbers [N]. Keeps both.</summary>
public abstract class ClusterShapeMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _data;
    private readonly MetricState _labels;

    private protected ClusterShapeMetric()
    {
        _data = AddListState("data");
        _labels = AddListState("labels");
    }

    /// <inheritdoc/>
    protected internal override string? StateKey => "data-and-groups";

    /// <summary>The value from data [N, d], group of each row 0 … k − 1, centroids [k, d] and sizes [k].</summary>
    private protected abstract Tensor Score(Tensor data, Tensor group, Tensor centroids, Tensor sizes);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.Dimensions(GetName(), preds, "data", 2, "[N, d]");
        InputCheck.Dimensions(GetName(), target, "labels", 1, "[N]");
        InputCheck.Floating(GetName(), preds, "data");
        InputCheck.WholeNumbers(GetName(), target, "labels");
        if (preds.size(0) != target.size(0)) throw new ArgumentException($"{GetName()} wants one label per row. Received: data {InputCheck.Shape(preds)}, labels {InputCheck.Shape(target)}.");
        _data.Append(preds);
        _labels.Append(target.to(int64));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var data = _data.Cat().to(float64);
        var (_, inverse, counts) = _labels.Cat().unique(sorted: true, return_inverse: true, return_counts: true);
        var (group, sizes) = (inverse!, counts!.to(float64)); // asked for
        if (sizes.size(0) < 2 || sizes.size(0) >= data.size(0))
        {
            throw new InvalidOperationException($"{GetName()} wants at least 2 groups and fewer than there are rows. Received: {sizes.size(0)} groups of {data.size(0)} rows.");
        }

        var sums = zeros(sizes.size(0), data.size(1), float64, data.device).index_add(0, group, data, Numbers.One);
        return Score(data, group, sums / sizes.unsqueeze(1), sizes).to(float32);
    }
}
