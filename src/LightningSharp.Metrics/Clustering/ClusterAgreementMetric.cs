using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Clustering;

/// <summary>A comparison of predicted and true groups, whatever their numbers. Inputs: group numbers of shape [N]. Keeps them; Compute runs on the host.</summary>
public abstract class ClusterAgreementMetric : Metric<Tensor, Tensor>
{
    private readonly MetricState _preds;
    private readonly MetricState _target;

    private protected ClusterAgreementMetric()
    {
        _preds = AddListState("preds");
        _target = AddListState("target");
    }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected internal override string? StateKey => "group-numbers";

    private protected abstract double Score(ClusterAgreement agreement);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Dimensions(GetName(), preds, "preds", 1, "[N]");
        InputCheck.WholeNumbers(GetName(), preds, "preds");
        InputCheck.WholeNumbers(GetName(), target, "target");
        _preds.Append(preds.to(int64));
        _target.Append(target.to(int64));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
        => tensor((float)Score(new ClusterAgreement(_preds.Cat().cpu().data<long>().ToArray(), _target.Cat().cpu().data<long>().ToArray())));
}
