using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>The share of words that are not matched.</summary>
/// <remarks>Edits / Σ max(words predicted, words wanted). A. C. Morris et al., 2004.</remarks>
public sealed class MatchErrorRate
    : TextErrorMetric
{
    private protected override double Score(double edits, double hits, double predicted, double wanted) => edits / predicted;

    private protected override (EditOperations Edits, int Predicted, int Wanted) Compare(string pred, string target)
    {
        var (edits, predicted, wanted) = base.Compare(pred, target);
        return (edits, Math.Max(predicted, wanted), wanted);
    }
}
