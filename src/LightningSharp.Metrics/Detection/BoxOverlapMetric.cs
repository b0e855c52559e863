using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Detection;

/// <summary>The mean of an overlap over all pairs of a found and a true box of an image.</summary>
public abstract class BoxOverlapMetric : Metric<IReadOnlyList<Detections>, IReadOnlyList<Detections>>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;
    private readonly MetricState? _classes;

    private protected BoxOverlapMetric(BoxFormat boxFormat, double? iouThreshold, bool classMetrics, bool respectLabels)
    {
        (BoxFormat, IouThreshold, ClassMetrics, RespectLabels) = (boxFormat, iouThreshold, classMetrics, respectLabels);
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
        if (classMetrics) _classes = AddListState("classes"); // one tensor [M, 3] per image: true label, sum, pairs; and found labels without any
    }

    /// <summary>What the four numbers of a box are.</summary>
    public BoxFormat BoxFormat { get; }

    /// <summary>Pairs that overlap less do not count; null for all pairs.</summary>
    public double? IouThreshold { get; }

    /// <summary>Whether <see cref="Metric.ComputeNamed"/> has a value for each class too.</summary>
    public bool ClassMetrics { get; }

    /// <summary>Whether only boxes of the same class are paired.</summary>
    public bool RespectLabels { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>The mean over all pairs by the metric's name, and with <c>classMetrics</c> those of each true class, <c>class_3</c>.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var values = new Dictionary<string, Tensor> { [GetName()] = Compute() };
        if (_classes is null || _classes.Items.Count == 0) return values;
        using var mode = no_grad();
        foreach (var rows in HostRows.Of(_classes.Cat(), 3).GroupBy(row => row[0]).OrderBy(rows => rows.Key))
        {
            var (sum, pairs) = (rows.Sum(row => row[1]), rows.Sum(row => row[2]));
            values[string.Create(CultureInfo.InvariantCulture, $"class_{rows.Key}")] = tensor(pairs == 0 ? 0f : (float)(sum / pairs));
        }

        return values;
    }

    private protected abstract Tensor Overlap(Tensor preds, Tensor target);

    /// <inheritdoc/>
    protected override Tensor? DeviceSample((IReadOnlyList<Detections> Preds, IReadOnlyList<Detections> Target) input)
        => input.Preds is { Count: > 0 } ? input.Preds[0].Boxes : null;

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<Detections> preds, IReadOnlyList<Detections> target)
    {
        DetectionInput.Check(GetName(), preds, target, scores: false);
        for (var i = 0; i < preds.Count; i++) AddImage(preds[i], target[i]);
    }

    /// <summary>0 without pairs.</summary>
    protected override Tensor ComputeValue() => Numbers.SafeDivide(_sum.Value, _count.Value.to(float64)).to(float32);

    private void AddImage(Detections preds, Detections target)
    {
        var (found, wanted) = (preds.Boxes.size(0), target.Boxes.size(0));
        var (sums, pairs) = (zeros(wanted, float32, target.Boxes.device), zeros(wanted, int64, target.Boxes.device));
        if (found > 0 && wanted > 0)
        {
            var overlap = Overlap(BoxOverlap.Corners(preds.Boxes, BoxFormat), BoxOverlap.Corners(target.Boxes, BoxFormat));
            var paired = RespectLabels ? preds.Labels.unsqueeze(1).eq(target.Labels.unsqueeze(0)) : ones_like(overlap, dtype: @bool);
            if (IouThreshold is { } least) paired = paired.logical_and(overlap.IsBelow(least).logical_not());
            (sums, pairs) = (where(paired, overlap, zeros_like(overlap)).sum(0L), paired.sum(0L));
        }

        _sum.Add(sums.sum(float64));
        _count.Add(pairs.sum());
        if (_classes is null) return;
        _classes.Append(stack([target.Labels.to(float32).flatten(), sums, pairs.to(float32)], 1));
        var without = zeros(found, float32, target.Boxes.device);
        _classes.Append(stack([preds.Labels.to(float32).flatten(), without, without], 1));
    }
}
