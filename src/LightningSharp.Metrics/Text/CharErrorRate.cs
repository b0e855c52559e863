using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>Character edits needed per character of the target.</summary>
/// <remarks>(S + D + I) / N over all texts. Can exceed 1.</remarks>
public sealed class CharErrorRate
    : TextErrorMetric
{
    private protected override double Score(double edits, double hits, double predicted, double wanted) => edits / wanted;

    private protected override (EditOperations Edits, int Predicted, int Wanted) Compare(string pred, string target)
    {
        var (p, t) = (pred.ToCharArray(), target.ToCharArray());
        return (EditOperations.Between(p, t), p.Length, t.Length);
    }
}
