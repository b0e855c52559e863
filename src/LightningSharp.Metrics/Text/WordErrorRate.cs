using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>Word edits needed per word of the target.</summary>
/// <remarks>(S + D + I) / N over all texts; words are separated by white space. Can exceed 1. NaN without any target word.</remarks>
public sealed class WordErrorRate
    : TextErrorMetric
{
    private protected override double Score(double edits, double hits, double predicted, double wanted) => edits / wanted;
}
