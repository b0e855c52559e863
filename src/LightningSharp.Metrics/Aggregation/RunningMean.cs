using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Aggregation;

/// <summary>The mean of the latest updates only, for example a loss that follows the training. NaN before any update.</summary>
/// <remarks>Each update is one entry of the window: the mean of its elements for a running mean, their sum for a running sum. Merging keeps the later metric's entries.</remarks>
public sealed class RunningMean : RunningWindow
{
    /// <summary>Creates the metric.</summary>
    /// <param name="window">How many updates to look back.</param>
    public RunningMean(int window = 5)
        : base(window)
    {
    }

    private protected override Tensor Entry(Tensor values) => values.mean();

    private protected override Tensor Over(Tensor entries) => entries.nansum().div(entries.isnan().logical_not().sum());
}
