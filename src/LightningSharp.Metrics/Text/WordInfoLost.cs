using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>How much of the words' information is lost.</summary>
/// <remarks>1 − (H / N) (H / P) with H matched, N wanted and P predicted words. A. C. Morris et al., 2004.</remarks>
public sealed class WordInfoLost
    : TextErrorMetric
{
    private protected override double Score(double edits, double hits, double predicted, double wanted) => 1 - (hits / wanted * (hits / predicted));

    private protected override (EditOperations Edits, int Predicted, int Wanted) Compare(string pred, string target)
    {
        var (edits, predicted, wanted) = base.Compare(pred, target);
        return (edits with { Hits = Math.Max(predicted, wanted) - edits.Distance }, predicted, wanted);
    }
}
