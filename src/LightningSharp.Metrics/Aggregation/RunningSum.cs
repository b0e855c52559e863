using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The sum of the latest updates only, for example a loss that follows the training. 0 before any update.</summary>
/// <remarks>Each update is one entry of the window: the mean of its elements for a running mean, their sum for a running sum. Merging keeps the later metric's entries.</remarks>
public sealed class RunningSum : RunningWindow
{
    /// <summary>Creates the metric.</summary>
    /// <param name="window">How many updates to look back.</param>
    public RunningSum(int window = 5)
        : base(window)
    {
    }

    private protected override Tensor Entry(Tensor values) => values.sum();

    private protected override Tensor Over(Tensor entries) => entries.nansum();
}
