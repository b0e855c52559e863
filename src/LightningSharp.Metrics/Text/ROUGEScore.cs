using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>ROUGE: how much of a reference summary a summary has, in words (1), pairs of words (2) and the longest common subsequence (L).</summary>
/// <remarks>
/// C.-Y. Lin, 2004. Texts are lower-cased and cut at everything but a…z and 0…9; no stemming. F is the harmonic mean of precision and recall. Means over all
/// texts. <see cref="Metric.Compute"/> gives the F value of ROUGE-L, <see cref="ComputeNamed"/> all nine.
/// </remarks>
public sealed class ROUGEScore : Metric<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>>
{
    private static readonly string[] Keys = ["rouge1", "rouge2", "rougeL"];
    private readonly MetricState _sums;
    private readonly MetricState _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="accumulate">What several references of one text count.</param>
    public ROUGEScore(RougeAccumulate accumulate = RougeAccumulate.Best)
    {
        Accumulate = accumulate;
        _sums = AddState("sums", zeros(9, float64));
        _count = AddState("count", zeros([], int64));
    }

    /// <summary>What several references of one text count.</summary>
    public RougeAccumulate Accumulate { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    /// <summary>For each of <c>rouge1</c>, <c>rouge2</c> and <c>rougeL</c>: <c>_fmeasure</c>, <c>_precision</c>, <c>_recall</c>.</summary>
    public override IReadOnlyDictionary<string, Tensor> ComputeNamed()
    {
        var means = Means();
        var values = new Dictionary<string, Tensor>();
        for (var k = 0; k < Keys.Length; k++)
        {
            values[Keys[k] + "_precision"] = means[3 * k];
            values[Keys[k] + "_recall"] = means[(3 * k) + 1];
            values[Keys[k] + "_fmeasure"] = means[(3 * k) + 2];
        }

        return values;
    }

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<string> preds, IReadOnlyList<IReadOnlyList<string>> target)
    {
        TextInput.SameCount(GetName(), preds.Count, target.Count);
        var sums = new double[9];
        for (var i = 0; i < preds.Count; i++)
        {
            if (target[i].Count == 0) throw new ArgumentException($"{GetName()} wants at least one reference per prediction. Prediction {i} has none.", nameof(target));
            var pred = Words(preds[i]);
            var scores = target[i].Select(t => Scores(pred, Words(t))).ToArray();
            // The best reference is the one with the highest F of ROUGE-1.
            var value = Accumulate == RougeAccumulate.Best ? scores.MaxBy(s => s[2])! : [.. Enumerable.Range(0, 9).Select(j => scores.Average(s => s[j]))];
            for (var j = 0; j < 9; j++) sums[j] += value[j];
        }

        _sums.Add(tensor(sums).to(_sums.Value.device));
        _count.Add(tensor((long)preds.Count).to(_sums.Value.device));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => Means()[8];

    private static string[] Words(string text)
    {
#pragma warning disable CA1308 // ROUGE is defined on lower case
        var plain = text.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? c : ' ').ToArray();
#pragma warning restore CA1308
        return EditOperations.Words(new string(plain));
    }

    private static double[] Scores(string[] pred, string[] target)
        => [.. Overlap(pred, target, 1), .. Overlap(pred, target, 2), .. Ratios(CommonSubsequence(pred, target), pred.Length, target.Length)];

    private static double[] Overlap(string[] pred, string[] target, int n)
    {
        var (p, t) = (NGrams.Count(pred, n), NGrams.Count(target, n));
        return Ratios(p.Sum(g => Math.Min(g.Value, t.GetValueOrDefault(g.Key))), p.Values.Sum(), t.Values.Sum());
    }

    private static double[] Ratios(double common, double predicted, double wanted)
    {
        if (common == 0) return [0, 0, 0];
        var (precision, recall) = (common / predicted, common / wanted);
        return [precision, recall, 2 * precision * recall / (precision + recall)];
    }

    private static int CommonSubsequence(string[] a, string[] b)
    {
        var row = new int[b.Length + 1];
        foreach (var word in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], word == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }

    private Tensor Means() => _sums.Value.div(_count.Value).to(float32);
}
