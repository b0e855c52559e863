using LightningSharp.Metrics.Classification;
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
    private readonly double[]? _iouThresholds;
    private readonly double[]? _recThresholds;
    private readonly int[]? _maxDetectionThresholds;
    private readonly CocoSettings _settings;
    private readonly MetricState _preds;
    private readonly MetricState _target;

    /// <summary>Creates the metric.</summary>
    /// <param name="boxFormat">What the four numbers of a box are.</param>
    /// <param name="iouThresholds">How much a find must overlap a true box; 0.5, 0.55 … 0.95 when null.</param>
    /// <param name="recThresholds">The recalls at which precision is read; 0, 0.01 … 1 when null.</param>
    /// <param name="maxDetectionThresholds">How many finds of an image count, best first; 1, 10 and 100 when null. The largest holds for everything but recall by number.</param>
    /// <param name="classMetrics">Whether there are values for each class too.</param>
    /// <param name="average">Macro for the mean over classes; Micro to match boxes of all classes as one.</param>
    public MeanAveragePrecision(
        BoxFormat boxFormat = BoxFormat.Xyxy,
        double[]? iouThresholds = null,
        double[]? recThresholds = null,
        int[]? maxDetectionThresholds = null,
        bool classMetrics = false,
        Average average = Average.Macro)
    {
        if (average is not (Average.Macro or Average.Micro)) throw new ArgumentOutOfRangeException(nameof(average), average, $"{GetName()} wants Average.Macro or Average.Micro. Received: {average}.");
        foreach (var value in (double[])[.. iouThresholds ?? [], .. recThresholds ?? []]) InputCheck.Fraction(GetName(), value, "threshold");
        foreach (var value in maxDetectionThresholds ?? []) InputCheck.Positive(GetName(), value, nameof(maxDetectionThresholds));
        if (iouThresholds is { Length: 0 } || recThresholds is { Length: 0 } || maxDetectionThresholds is { Length: 0 }) throw new ArgumentException($"{GetName()} wants at least one of each kind of threshold, or null for the usual ones. Received: an empty list.");
        (BoxFormat, ClassMetrics, Average) = (boxFormat, classMetrics, average);
        (_iouThresholds, _recThresholds, _maxDetectionThresholds) = (iouThresholds, recThresholds, maxDetectionThresholds);
        _settings = new(
            [.. (iouThresholds ?? [.. Enumerable.Range(0, 10).Select(i => Math.Round(0.5 + (0.05 * i), 2))]).Order()],
            [.. (recThresholds ?? [.. Enumerable.Range(0, 101).Select(i => i / 100.0)]).Order()],
            [.. (maxDetectionThresholds ?? [1, 10, 100]).Order()],
            average == Average.Micro);
        _preds = AddListState("preds"); // one tensor [N, 6] per image: box, label, score
        _target = AddListState("target"); // one tensor [N, 7] per image: box, label, crowd, area
    }

    /// <summary>What the four numbers of a box are.</summary>
    public BoxFormat BoxFormat { get; }

    /// <summary>How much a find must overlap a true box.</summary>
    public IReadOnlyList<double> IouThresholds => _settings.Overlaps;

    /// <summary>The recalls at which precision is read.</summary>
    public IReadOnlyList<double> RecThresholds => _settings.Recalls;

    /// <summary>How many finds of an image count.</summary>
    public IReadOnlyList<int> MaxDetectionThresholds => _settings.MostBoxes;

    /// <summary>Whether there are values for each class too.</summary>
    public bool ClassMetrics { get; }

    /// <summary>How the classes' values become one.</summary>
    public Average Average { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>
    /// <c>map</c>, <c>map_50</c>, <c>map_75</c>; by size of the true box <c>map_small</c> (up to 32² pixels), <c>map_medium</c> (up to 96²), <c>map_large</c>;
    /// recall with 1, 10 and 100 boxes per image <c>mar_1</c>, <c>mar_10</c>, <c>mar_100</c>, and by size <c>mar_small</c>, <c>mar_medium</c>, <c>mar_large</c>.
    /// With <c>classMetrics</c> also <c>map_per_class</c> and <c>mar_100_per_class</c>, in the order of <c>classes</c>. −1 where it was not asked for or nothing was to be found.
    /// </summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var evaluation = Evaluation();
        var values = evaluation.Summary().ToDictionary(e => e.Key, e => tensor((float)e.Value));
        if (!ClassMetrics) return values;
        values["map_per_class"] = Row(evaluation.MapPerClass());
        values[$"mar_{_settings.MostBoxes[^1]}_per_class"] = Row(evaluation.MarPerClass());
        values["classes"] = tensor(Array.ConvertAll(evaluation.Classes, c => (long)c));
        return values;
    }

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
            _preds.Append(cat([BoxOverlap.Corners(p.Boxes, BoxFormat), Column(p.Labels), Column(p.Scores!)], 1)); // checked above
            var truths = BoxOverlap.Corners(t.Boxes, BoxFormat);
            var crowd = t.Crowd is null ? zeros(truths.size(0), 1, float32, truths.device) : Column(t.Crowd);
            _target.Append(cat([truths, Column(t.Labels), crowd, Column(t.Area ?? BoxOverlap.Area(truths))], 1));
        }
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => tensor((float)Evaluation().Map());

    private static Tensor Column(Tensor values) => values.to(float32).reshape(-1, 1);

    private static Tensor Row(double[] values) => tensor(Array.ConvertAll(values, v => (float)v));

    private CocoEvaluation Evaluation() => new([.. _preds.Items.Select(p => HostRows.Of(p, 6))], [.. _target.Items.Select(t => HostRows.Of(t, 7))], _settings);
}
