using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Nominal;

/// <summary>How much raters agree on the categories of subjects beyond chance: 1 is full agreement, 0 what chance gives, negative less than that.</summary>
/// <remarks>
/// (P − E) / (1 − E). P is the mean over subjects of (Σ n² − r) / (r(r − 1)) with n ratings in each category from r raters, E the sum over categories of the squared
/// share of all ratings. J. Fleiss, 1971. Every subject has the same number of ratings, at least two, not necessarily from the same raters. NaN where all ratings fall
/// into one category. Keeps the counts of every subject.
/// </remarks>
public sealed class FleissKappa : Metric<Tensor>
{
    private readonly MetricState _counts;

    /// <summary>Creates the metric.</summary>
    /// <param name="mode">How ratings are written down.</param>
    public FleissKappa(FleissMode mode = FleissMode.Counts)
    {
        Mode = mode;
        _counts = AddListState("counts");
    }

    /// <summary>How ratings are written down, and their shape.</summary>
    public FleissMode Mode { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <inheritdoc/>
    protected override void UpdateStates(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var counts = Mode == FleissMode.Counts ? Given(input) : Chosen(input);
        CheckCategories(counts);
        _counts.Append(counts);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        foreach (var update in _counts.Items) CheckCategories(update); // merged ones were not compared
        var counts = _counts.Cat().to(float64);
        var raters = counts.sum(1);
        if (ValidateArgs) InputCheck.RaterValues(GetName(), raters); // of several updates
        var pairs = raters.mul(raters.Plus(-1.0));
        var agreement = counts.mul(counts).sum(1).Minus(raters).div(pairs).mean();
        var shares = counts.sum(0L).div(counts.sum());
        var chance = shares.mul(shares).sum();
        return agreement.Minus(chance).div(chance.OneMinus()).to(float32);
    }

    private void CheckCategories(Tensor counts)
    {
        if (_counts.Items.Count > 0) InputCheck.Size(GetName(), counts, "ratings", 1, _counts.Items[0].size(1), "categories, as in the first update,");
    }

    private Tensor Given(Tensor ratings)
    {
        InputCheck.Dimensions(GetName(), ratings, "ratings", 2, "[subjects, categories]");
        InputCheck.WholeNumbers(GetName(), ratings, "ratings");
        var counts = ratings.to(int64);
        if (ChecksValues(ratings)) InputCheck.CountValues(GetName(), counts);
        return counts;
    }

    private Tensor Chosen(Tensor ratings)
    {
        InputCheck.Dimensions(GetName(), ratings, "ratings", 3, "[subjects, categories, raters]");
        InputCheck.Floating(GetName(), ratings, "ratings");
        if (ratings.size(2) < 2) throw new ArgumentException($"{GetName()} wants the ratings of at least 2 raters in dimension 2. Received: shape {InputCheck.Shape(ratings)}.");
        if (ChecksValues(ratings)) InputCheck.NoNaNValues(GetName(), ratings, "ratings");
        var categories = Numbers.Range(ratings.size(1), ratings.device).view(1, -1, 1);
        return ratings.argmax(1).unsqueeze(1).eq(categories).sum(2);
    }
}
