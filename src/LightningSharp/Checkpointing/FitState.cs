using LightningSharp.Loops;
using LightningSharp.Optimization;

namespace LightningSharp.Checkpointing;

/// <summary>What of a running fit belongs into a checkpoint besides the Trainer's own state.</summary>
internal sealed record FitState<TBatch>(
    bool InsideEpoch, BatchPhase Phase, IStateful? Loader, IOptimizationEngine<TBatch>? Engine, int AccumulateGradBatches, bool InsideWindow, bool IsLastBatch,
    Dictionary<string, double> Row)
{
    public bool AtEpochEnd => Phase == BatchPhase.EpochEnded;
}
