using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>How much less one group gets than another: the lowest rate of a group divided by the highest.</summary>
/// <remarks>Demographic parity compares positive decisions (TP + FP) / all, equal opportunity true-positive rates TP / (TP + FN). 1 is equal. Compute gives one value per task asked for, parity first.</remarks>
/// <param name="numGroups">How many groups there are.</param>
/// <param name="task">What is compared.</param>
/// <param name="threshold">Probabilities above it are decisions for the positive class.</param>
/// <param name="ignoreIndex">Targets with this value do not count.</param>
/// <param name="validateArgs">Whether values are checked, see <see cref="Metric.ValidateArgs"/>.</param>
public sealed class BinaryFairness(
    int numGroups,
    FairnessTask task = FairnessTask.All,
    double threshold = 0.5,
    long? ignoreIndex = null,
    bool validateArgs = true)
    : GroupStatMetric(numGroups, threshold, ignoreIndex, validateArgs)
{
    /// <summary>What is compared.</summary>
    public FairnessTask Task { get; } = task;

    /// <summary>The ratios by name, such as <c>DP_0_1</c> (parity: group 0 has the lowest rate, 1 the highest) and <c>EO_1_0</c> (opportunity).</summary>
    protected override IReadOnlyDictionary<string, Tensor> ComputeParts()
    {
        using var mode = no_grad();
        return Rates().ToDictionary(
            r => $"{r.Name}_{r.Rates.argmin().item<long>()}_{r.Rates.argmax().item<long>()}",
            r => Numbers.SafeDivide(r.Rates.min(), r.Rates.max()));
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue() => stack(Rates().Select(r => Numbers.SafeDivide(r.Rates.min(), r.Rates.max())), 0);

    private IEnumerable<(string Name, Tensor Rates)> Rates()
    {
        var s = Counts;
        if (Task != FairnessTask.EqualOpportunity) yield return ("DP", Numbers.SafeDivide(s.TruePositive.Plus(s.FalsePositive), s.Total));
        if (Task != FairnessTask.DemographicParity) yield return ("EO", StatFormulas.Recall(s));
    }
}
