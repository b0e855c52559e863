using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>
/// ROUGE: how much of a reference summary a summary has, in words (1), pairs of words (2), the longest common subsequence (L), and that sequence sentence by sentence (Lsum).
/// </summary>
/// <remarks>
/// Precision = common / predicted, recall = common / wanted, F their harmonic mean; means over all texts. C.-Y. Lin, 2004. Texts are lower-cased and cut at everything but
/// a…z and 0…9. rougeLsum takes each line of a text for a sentence: put line breaks between sentences. <see cref="Metric.Compute"/> gives the F value of ROUGE-L (of the first
/// key without it), <see cref="Metric.ComputeNamed"/> all.
/// </remarks>
public sealed class ROUGEScore : Metric<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>>
{
    private static readonly string[] Usual = ["rouge1", "rouge2", "rougeL", "rougeLsum"];
    private readonly RougeKind[] _kinds;
    private readonly string[]? _rougeKeys;
    private readonly MetricState _sums;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="useStemmer">Whether English suffixes are stripped from words of more than three letters (M. F. Porter, 1980).</param>
    /// <param name="accumulate">What several references of one text count.</param>
    /// <param name="rougeKeys">Any of rouge1 … rouge9, rougeL and rougeLsum; rouge1, rouge2, rougeL and rougeLsum when null.</param>
    public ROUGEScore(bool useStemmer = false, RougeAccumulate accumulate = RougeAccumulate.Best, string[]? rougeKeys = null)
    {
        if (rougeKeys is { Length: 0 }) throw new ArgumentException($"{GetName()} wants at least one of rouge1 … rouge9, rougeL and rougeLsum in rougeKeys. Received: none.", nameof(rougeKeys));
        (UseStemmer, Accumulate, _rougeKeys) = (useStemmer, accumulate, rougeKeys);
        _kinds = Array.ConvertAll(rougeKeys ?? Usual, RougeKind.Parse);
        _sums = AddState("sums", zeros(3 * _kinds.Length, float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>Whether English suffixes are stripped.</summary>
    public bool UseStemmer { get; }

    /// <summary>What several references of one text count.</summary>
    public RougeAccumulate Accumulate { get; }

    /// <summary>What is measured.</summary>
    public IReadOnlyList<string> RougeKeys => _rougeKeys ?? Usual;

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>For each key, such as <c>rouge1</c>: <c>rouge1_precision</c>, <c>rouge1_recall</c>, <c>rouge1_fmeasure</c>.</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var means = Means();
        var values = new Dictionary<string, Tensor>();
        for (var k = 0; k < _kinds.Length; k++)
        {
            values[_kinds[k].Key + "_precision"] = means[3 * k];
            values[_kinds[k].Key + "_recall"] = means[(3 * k) + 1];
            values[_kinds[k].Key + "_fmeasure"] = means[(3 * k) + 2];
        }

        return values;
    }

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<string> preds, IReadOnlyList<IReadOnlyList<string>> target)
    {
        TextInput.SameCount(GetName(), preds.Count, target.Count);
        var sums = new double[3 * _kinds.Length];
        for (var i = 0; i < preds.Count; i++)
        {
            if (target[i].Count == 0) throw new ArgumentException($"{GetName()} wants at least one reference per prediction. Prediction {i} has none.", nameof(target));
            var pred = RougeText.Of(preds[i], UseStemmer);
            var references = target[i].Select(t => RougeText.Of(t, UseStemmer)).ToArray();
            for (var k = 0; k < _kinds.Length; k++)
            {
                var value = Accumulated([.. references.Select(reference => _kinds[k].Score(pred, reference))]);
                for (var j = 0; j < 3; j++) sums[(3 * k) + j] += value[j];
            }
        }

        _sums.Add(tensor(sums).to(_sums.Value.device));
        _count.Add(preds.Count);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var at = Math.Max(0, Array.FindIndex(_kinds, kind => kind.Key == "rougeL"));
        return Means()[(3 * at) + 2];
    }

    /// <summary>Of several references the one with the highest F, or the mean.</summary>
    private double[] Accumulated(double[][] scores)
        => Accumulate == RougeAccumulate.Best ? scores.MaxBy(s => s[2])! : [.. Enumerable.Range(0, 3).Select(j => scores.Average(s => s[j]))]; // there is one at least

    private Tensor Means() => _sums.Value.div(_count.Value).to(float32);
}
