using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The rates of true and false, positive and negative decisions within each group.</summary>
/// <remarks>Shape [groups, 4]: true positives, false positives, true negatives, false negatives as shares of the group. A group without samples is NaN.</remarks>
/// <param name="numGroups">How many groups there are.</param>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryGroupStatRates(int numGroups, double threshold = 0.5, long? ignoreIndex = null, bool validateArgs = true)
    : GroupStatMetric(numGroups, threshold, ignoreIndex, validateArgs)
{
    /// <summary>The rates of each group as <c>group_0</c>, <c>group_1</c> …</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        var rates = Compute();
        return Enumerable.Range(0, NumGroups).ToDictionary(g => $"group_{g}", g => rates[g]);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        var s = Counts;
        var columns = stack([s.TruePositive, s.FalsePositive, s.TrueNegative, s.FalseNegative], 1).to(float32);
        return columns / columns.sum(1, keepdim: true);
    }
}
