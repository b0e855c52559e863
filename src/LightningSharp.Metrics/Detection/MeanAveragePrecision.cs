using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>Mean average precision and recall of found boxes by the rules of the COCO challenge.</summary>
/// <remarks>
/// Precision at 101 recalls, averaged over classes and overlaps 0.5, 0.55 … 0.95. T.-Y. Lin et al., 2014. Found boxes are matched by falling score to the true
/// box they overlap most. −1 where nothing is to be found. All boxes are kept; Compute runs on the host. <see cref="Metric.Compute"/> gives <c>map</c>.
/// </remarks>
public sealed class MeanAveragePrecision : Metric<IReadOnlyList<Detections>, IReadOnlyList<Detections>>
{
    private readonly MetricState _preds;
    private readonly MetricState _target;

    /// <summary>Creates the metric.</summary>
    public MeanAveragePrecision()
    {
        _preds = AddListState("preds"); // one tensor [N, 6] per image: box, label, score
        _target = AddListState("target"); // one tensor [N, 7] per image: box, label, crowd, area
    }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>
    /// <c>map</c>, <c>map_50</c>, <c>map_75</c>; by size of the true box <c>map_small</c> (up to 32² pixels), <c>map_medium</c> (up to 96²), <c>map_large</c>;
    /// recall with 1, 10 and 100 boxes per image <c>mar_1</c>, <c>mar_10</c>, <c>mar_100</c>, and by size <c>mar_small</c>, <c>mar_medium</c>, <c>mar_large</c>.
    /// </summary>
    public override IReadOnlyDictionary<string, Tensor> ComputeNamed()
        => Evaluation().Summary().ToDictionary(e => e.Key, e => tensor((float)e.Value));

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((IReadOnlyList<Detections> Preds, IReadOnlyList<Detections> Target) input)
        => input.Preds is { Count: > 0 } ? input.Preds[0].Boxes : null;

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<Detections> preds, IReadOnlyList<Detections> target)
    {
        DetectionInput.Check(GetName(), preds, target, scores: true);
        for (var i = 0; i < preds.Count; i++)
        {
            var (p, t) = (preds[i], target[i]);
            _preds.Append(cat([p.Boxes.to(float32), Column(p.Labels), Column(p.Scores!)], 1)); // checked above
            var crowd = t.Crowd is null ? zeros(t.Boxes.size(0), 1, float32, t.Boxes.device) : Column(t.Crowd);
            var area = Column(t.Area ?? BoxOverlap.Area(t.Boxes.to(float32)));
            _target.Append(cat([t.Boxes.to(float32), Column(t.Labels), crowd, area], 1));
        }
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => tensor((float)Evaluation().Precision(CocoEvaluation.AllOverlaps, 0, CocoEvaluation.MaxBoxes));

    private static Tensor Column(Tensor values) => values.to(float32).reshape(-1, 1);

    private CocoEvaluation Evaluation()
    {
        using var scope = NewDisposeScope();
        return new CocoEvaluation([.. _preds.Items.Select(p => Rows(p, 6))], [.. _target.Items.Select(t => Rows(t, 7))]);
    }

    private static double[][] Rows(Tensor values, int width)
        => [.. values.to(float64).cpu().contiguous().data<double>().ToArray().Chunk(width)];
}
