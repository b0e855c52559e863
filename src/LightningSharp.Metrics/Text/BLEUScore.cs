using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>BLEU over words separated by white space.</summary>
/// <remarks>Brevity penalty times the weighted geometric mean of clipped precisions of 1 … n words, over the whole corpus. K. Papineni et al., 2002. 0 when an order has no match.</remarks>
/// <param name="nGram">The longest run of words.</param>
/// <param name="smooth">Whether one is added to matched and all for orders above one.</param>
/// <param name="weights">The weight of each order; equal when null.</param>
public sealed class BLEUScore(int nGram = 4, bool smooth = false, double[]? weights = null)
    : BleuMetric(nGram, smooth, weights)
{
    private protected override string[] Tokens(string text) => EditOperations.Words(text);
}
