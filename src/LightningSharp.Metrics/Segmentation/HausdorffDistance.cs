using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Segmentation;

/// <summary>How far the outline of a predicted mask strays at most from the true one, in pixels; mean over samples and classes.</summary>
/// <remarks>The largest distance from a point of one outline to the nearest of the other, the larger of both directions unless directed. Masks [N, C, H, W] or [N, H, W]. Both masks empty: 0; one empty: infinite. Labels of a whole-number type.</remarks>
public sealed class HausdorffDistance : Metric<Tensor, Tensor>
{
    private readonly MetricState _sum;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">How many classes there are.</param>
    /// <param name="includeBackground">Whether class 0 counts.</param>
    /// <param name="distanceMetric">How distances are measured.</param>
    /// <param name="directed">Whether only the way from prediction to target counts.</param>
    /// <param name="inputFormat">How masks are given.</param>
    public HausdorffDistance(
        int numClasses,
        bool includeBackground = true,
        DistanceMetric distanceMetric = DistanceMetric.Euclidean,
        bool directed = false,
        InputFormat inputFormat = InputFormat.OneHot)
    {
        InputCheck.Positive(GetName(), numClasses, nameof(numClasses));
        if (numClasses == 1 && !includeBackground) throw new ArgumentException($"{GetName()} has nothing to measure: one class and no background.", nameof(includeBackground));
        (NumClasses, IncludeBackground, DistanceMetric, Directed, InputFormat) = (numClasses, includeBackground, distanceMetric, directed, inputFormat);
        _sum = AddState("sum", zeros([], float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>How many classes there are.</summary>
    public int NumClasses { get; }

    /// <summary>Whether class 0 counts.</summary>
    public bool IncludeBackground { get; }

    /// <summary>How distances are measured.</summary>
    public DistanceMetric DistanceMetric { get; }

    /// <summary>Whether only the way from prediction to target counts.</summary>
    public bool Directed { get; }

    /// <summary>How masks are given.</summary>
    public InputFormat InputFormat { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => false;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor preds, Tensor target)
    {
        var (p, t) = (Planes(preds), Planes(target));
        InputCheck.SameShape(GetName(), preds, target);
        InputCheck.Dimensions(GetName(), p, "preds", 4, InputFormat == InputFormat.OneHot ? "[N, C, H, W]" : "[N, H, W]");
        InputCheck.Size(GetName(), p, "preds", 1, NumClasses, "classes");
        var total = zeros([], float64, preds.device);
        var first = IncludeBackground ? 0 : 1;
        for (var sample = 0L; sample < p.size(0); sample++)
        {
            for (long c = first; c < NumClasses; c++) total = total.Plus(Distance(Outline(p[sample, c]), Outline(t[sample, c])));
        }

        _sum.Add(total);
        _count.Add(p.size(0) * (NumClasses - first));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => _sum.Value.div(_count.Value).to(float32);

    private Tensor Planes(Tensor masks) => InputFormat == InputFormat.OneHot ? masks.to(@bool)
        : masks.unsqueeze(1).eq(Numbers.Range(NumClasses, masks.device).reshape([1, NumClasses, .. Enumerable.Repeat(1L, (int)masks.dim() - 1)]));

    /// <summary>The pixels of the mask with a neighbour (up, down, left, right) outside it or outside the image.</summary>
    private static Tensor Outline(Tensor mask)
    {
        var padded = nn.functional.pad(mask.to(float32), [1, 1, 1, 1]).to(@bool);
        var (h, w) = (mask.size(0), mask.size(1));
        var inner = padded.narrow(0, 0, h).narrow(1, 1, w).logical_and(padded.narrow(0, 2, h).narrow(1, 1, w))
            .logical_and(padded.narrow(0, 1, h).narrow(1, 0, w)).logical_and(padded.narrow(0, 1, h).narrow(1, 2, w));
        return mask.logical_and(inner.logical_not()).nonzero().to(float64);
    }

    private Tensor Distance(Tensor from, Tensor to)
    {
        if (from.size(0) == 0 || to.size(0) == 0) return Numbers.Number(from.size(0) == to.size(0) ? 0 : double.PositiveInfinity, float64, from.device);
        var pairs = cdist(from, to, DistanceMetric switch { DistanceMetric.Euclidean => 2, DistanceMetric.Taxicab => 1, _ => double.PositiveInfinity });
        var forth = pairs.amin([1L]).amax();
        return Directed ? forth : forth.maximum(pairs.amin([0L]).amax());
    }
}
