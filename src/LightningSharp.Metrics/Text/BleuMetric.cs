using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>BLEU: how many runs of one to n words of a translation are in any of its references, with a penalty for brevity.</summary>
public abstract class BleuMetric : Metric<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>>
{
    private readonly MetricState _counts;
    private readonly MetricState _lengths;

    private protected BleuMetric(int nGram, bool smooth, double[]? weights)
    {
        InputCheck.Positive(GetName(), nGram, nameof(nGram));
        if (weights is not null && weights.Length != nGram)
        {
            throw new ArgumentException($"{GetName()} wants one weight per order 1 … {nGram}. Received: {weights.Length} weights.", nameof(weights));
        }

        (NGram, Smooth, Weights) = (nGram, smooth, weights);
        _counts = AddState("counts", zeros(2, nGram, float64)); // matched, all
        _lengths = AddState("lengths", zeros(2, float64)); // predicted, wanted
    }

    /// <summary>The longest run of words.</summary>
    public int NGram { get; }

    /// <summary>Whether one is added to matched and all for orders above one (C.-Y. Lin and F. J. Och, 2004).</summary>
    public bool Smooth { get; }

    /// <summary>The weight of each order; equal when null.</summary>
    public double[]? Weights { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => true;

    private protected abstract string[] Tokens(string text);

    /// <inheritdoc/>
    protected override void UpdateStates(IReadOnlyList<string> preds, IReadOnlyList<IReadOnlyList<string>> target)
    {
        TextInput.SameCount(GetName(), preds.Count, target.Count);
        var (counts, lengths) = (new double[2 * NGram], new double[2]);
        for (var i = 0; i < preds.Count; i++) AddText(Tokens(preds[i]), [.. target[i].Select(Tokens)], counts, lengths);
        _counts.Add(tensor(counts).reshape(2, NGram).to(_counts.Value.device));
        _lengths.Add(tensor(lengths).to(_counts.Value.device));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var counts = _counts.Value.cpu().data<double>().ToArray();
        var lengths = _lengths.Value.cpu().data<double>().ToArray();
        if (counts.Take(NGram).Min() == 0) return tensor(0f);
        var log = 0.0;
        for (var n = 0; n < NGram; n++)
        {
            var extra = Smooth && n > 0 ? 1 : 0;
            log += (Weights?[n] ?? (1.0 / NGram)) * Math.Log((counts[n] + extra) / (counts[NGram + n] + extra));
        }

        var brevity = lengths[0] > lengths[1] ? 1 : Math.Exp(1 - (lengths[1] / lengths[0]));
        return tensor((float)(brevity * Math.Exp(log)));
    }

    private void AddText(string[] pred, string[][] references, double[] counts, double[] lengths)
    {
        if (references.Length == 0) throw new ArgumentException($"{GetName()} wants at least one reference per prediction. Received none.");
        lengths[0] += pred.Length;
        lengths[1] += references.MinBy(r => Math.Abs(r.Length - pred.Length))!.Length; // there is one; the first of equally close ones
        for (var n = 1; n <= NGram; n++)
        {
            var allowed = new Dictionary<string, int>();
            foreach (var reference in references)
            {
                foreach (var (gram, count) in NGrams.Count(reference, n)) allowed[gram] = Math.Max(count, allowed.GetValueOrDefault(gram));
            }

            foreach (var (gram, count) in NGrams.Count(pred, n))
            {
                counts[n - 1] += Math.Min(count, allowed.GetValueOrDefault(gram));
                counts[NGram + n - 1] += count;
            }
        }
    }
}
