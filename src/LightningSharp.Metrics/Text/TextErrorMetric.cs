using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>A rate of errors between texts: sums over all pairs, then one division.</summary>
public abstract class TextErrorMetric : Metric<IReadOnlyList<string>, IReadOnlyList<string>>
{
    private readonly MetricState _sums;

    private protected TextErrorMetric() => _sums = AddState("sums", zeros(4, float64));

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <summary>Edits, items in common, items predicted, items wanted; or what the metric makes of them.</summary>
    private protected abstract double Score(double edits, double hits, double predicted, double wanted);

    /// <summary>Compares one pair.</summary>
    private protected virtual (EditOperations Edits, int Predicted, int Wanted) Compare(string pred, string target)
    {
        var (p, t) = (EditOperations.Words(pred), EditOperations.Words(target));
        return (EditOperations.Between(p, t), p.Length, t.Length);
    }

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<string> preds, IReadOnlyList<string> target)
    {
        TextInput.SameCount(GetName(), preds.Count, target.Count);
        var sums = new double[4];
        for (var i = 0; i < preds.Count; i++)
        {
            var (edits, predicted, wanted) = Compare(preds[i], target[i]);
            sums[0] += edits.Distance;
            sums[1] += edits.Hits;
            sums[2] += predicted;
            sums[3] += wanted;
        }

        _sums.Add(tensor(sums).to(_sums.Value.device));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var s = _sums.Value.cpu().data<double>().ToArray();
        return tensor((float)Score(s[0], s[1], s[2], s[3]));
    }
}
