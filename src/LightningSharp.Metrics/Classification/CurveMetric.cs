using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>A metric made of scores at every threshold: exact (keeps all predictions) or binned (keeps a histogram).</summary>
public abstract class CurveMetric : ScoreMetric
{
    private readonly MetricState? _preds;
    private readonly MetricState? _target;
    private readonly MetricState? _histogram;
    private readonly long _columns;
    private Tensor? _ascending;

    private protected CurveMetric(long columns, Thresholds? thresholds, long? ignoreIndex, bool validateArgs)
    {
        (_columns, Thresholds, IgnoreIndex, ValidateArgs) = (columns, thresholds, ignoreIndex, validateArgs);
        if (thresholds is null)
        {
            _preds = AddListState("preds");
            _target = AddListState("target");
            return;
        }

        _histogram = AddState("histogram", zeros(columns, 2, thresholds.Values.Count + 1, int64));
        _ascending = thresholds.ToTensor().DetachFromDisposeScope();
    }

    /// <summary>The thresholds of a binned curve; null for an exact one.</summary>
    public Thresholds? Thresholds { get; }

    /// <summary>Targets with this value do not count.</summary>
    public long? IgnoreIndex { get; }

    /// <inheritdoc/>
    protected internal override string? StateKey => $"{TaskKey}/{_columns}/{Thresholds}/{IgnoreIndex}/{ValidateArgs}/{Scores}";

    private protected abstract string TaskKey { get; }

    /// <summary>The points of each class or label; of the positive class alone for a binary task.</summary>
    protected IReadOnlyList<CurvePoints> Points()
    {
        if (_histogram is not null)
        {
            var histogram = _histogram.Value;
            return [.. Enumerable.Range(0, (int)_columns).Select(c => CurvePoints.FromHistogram(histogram[c], Ascending(histogram.device)))];
        }

        var (preds, target) = (_preds!.Cat(), _target!.Cat()); // the lists exist when the histogram does not
        return [.. Enumerable.Range(0, (int)_columns).Select(c => ExactPoints(preds, target, c))];
    }

    /// <summary>All classes or labels in one pot.</summary>
    protected CurvePoints PooledPoints()
    {
        if (_histogram is not null) return CurvePoints.FromHistogram(_histogram.Value.sum(0L), Ascending(_histogram.Value.device));
        var (preds, target) = (_preds!.Cat(), _target!.Cat()); // the lists exist when the histogram does not
        var truths = Truths(target).flatten();
        var scores = preds.flatten();
        if (IgnoreIndex is null) return CurvePoints.Exact(scores, truths);
        var counts = Counting(target).flatten();
        return CurvePoints.Exact(scores.masked_select(counts), truths.masked_select(counts));
    }

    /// <summary>The value at the best point of each curve; one number for a binary task.</summary>
    private protected Tensor BestValues(Func<CurvePoints, OperatingPoint> best) => PerCurve(best, point => point.Value);

    /// <summary>The same by the metric's name, and where it is reached.</summary>
    private protected IReadOnlyDictionary<string, Tensor> BestParts(Func<CurvePoints, OperatingPoint> best)
    {
        using var mode = no_grad();
        return new Dictionary<string, Tensor> { [GetName()] = Compute(), ["threshold"] = PerCurve(best, point => point.Threshold) };
    }

    /// <summary>One curve for all classes or labels: of all decisions in one pot, or the mean of the curves, read along x.</summary>
    private protected Curve AverageOf(Average average, Func<CurvePoints, Curve> pooled, Func<CurvePoints, Curve> each, bool xIsSecond)
    {
        using var mode = no_grad();
        if (average == Average.Micro) return pooled(PooledPoints());
        if (average != Average.Macro) throw new ArgumentException($"{GetName()}.ComputeAverage wants Micro or Macro. Received: {average}.", nameof(average));
        var (x, y, thresholds) = CurveFormulas.Mean(Points().Select(each).Select(curve => xIsSecond ? (curve.Second, curve.First) : (curve.First, curve.Second)));
        return xIsSecond ? new(y, x, thresholds) : new(x, y, thresholds);
    }

    /// <summary>Scores of shape [N, columns] and targets of shape [N] or [N, columns], checked.</summary>
    private protected abstract (Tensor Preds, Tensor Target) Format(Tensor preds, Tensor target, ScoreReading reading);

    /// <summary>Targets as 0 and 1 of shape [N, columns].</summary>
    private protected virtual Tensor Truths(Tensor target) => target;

    /// <summary>Which targets of shape [N, columns] count.</summary>
    private protected virtual Tensor Counting(Tensor target) => target.IsNot(IgnoreIndex ?? 0);

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (scores, labels) = Format(preds, target, Reading(preds));
        if (_histogram is not null)
        {
            _histogram.Add(Histogram(scores, labels));
            return;
        }

        _preds!.Append(scores); // the lists exist when the histogram does not
        _target!.Append(labels);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _ascending?.Dispose();
        base.Dispose(disposing);
    }

    private Tensor PerCurve(Func<CurvePoints, OperatingPoint> best, Func<OperatingPoint, double> part)
    {
        using var scope = NewDisposeScope();
        var values = tensor(Points().Select(points => (float)part(best(points))).ToArray());
        return (_columns == 1 ? values.squeeze(0) : values).MoveToOuterDisposeScope();
    }

    private CurvePoints ExactPoints(Tensor preds, Tensor target, int column)
    {
        var (scores, truths) = (preds.select(1, column), Truths(target).select(1, column));
        if (IgnoreIndex is null) return CurvePoints.Exact(scores, truths);
        var counts = Counting(target).select(1, column);
        return CurvePoints.Exact(scores.masked_select(counts), truths.masked_select(counts));
    }

    private Tensor Histogram(Tensor scores, Tensor labels)
    {
        var bins = Thresholds!.Values.Count + 1L; // a histogram is kept only with thresholds
        var reached = searchsorted(Ascending(scores.device), scores.contiguous(), out_int32: false, right: true);
        using var width = Numbers.Number(bins, scores.device);
        var code = Truths(labels).mul(width).Plus(reached).Plus(StatCounting.Offsets(_columns, 2 * bins, scores.device));
        if (IgnoreIndex is not null)
        {
            using var last = Numbers.Number(_columns * 2 * bins, scores.device);
            code = where(Counting(labels), code, last);
        }

        return Numbers.Count(code, (_columns * 2 * bins) + 1).narrow(0, 0, _columns * 2 * bins).view(_columns, 2, bins);
    }

    private Tensor Ascending(Device device)
    {
        if (_ascending!.device_type != device.type || _ascending.device_index != device.index) // set together with the histogram
        {
            var moved = _ascending.to(device).DetachFromDisposeScope();
            _ascending.Dispose();
            _ascending = moved;
        }

        return _ascending;
    }
}
