using LightningSharp.Loops;
using LightningSharp.Optimization;

namespace LightningSharp.Checkpointing;

/// <summary>What of a running fit belongs into a checkpoint besides the Trainer's own state.</summary>
internal sealed record FitState<TBatch>(
    bool InsideEpoch, BatchPhase Phase, IReadOnlyDictionary<string, object?>? Loader, IOptimizationEngine<TBatch>? Engine, int AccumulateGradBatches, int WindowOrigin, bool InsideWindow, bool IsLastBatch,
    Dictionary<string, double> Row, Dictionary<string, object?> ValidationClock, List<object?> ValidationBatches,
    TorchSharp.torch.Tensor? Random)
{
    /// <summary>For a checkpoint of the last step boundary instead of this moment.</summary>
    public StepSnapshot? Boundary { get; init; }

    public bool AtEpochEnd => Phase == BatchPhase.EpochEnded;
}
