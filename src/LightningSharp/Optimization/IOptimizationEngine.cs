using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Turns a batch into a loss and, when it is time, into an update of the weights.</summary>
internal interface IOptimizationEngine<TBatch>
{
    /// <summary>Whether the last batch ended with an optimizer step.</summary>
    bool Stepped { get; }

    /// <summary>Runs the step; returns the loss as the user gave it, or null.</summary>
    Tensor? Run(TBatch batch, int batchIndex, AccumulationWindow window);

    /// <summary>Batches whose gradients wait for the next step.</summary>
    int Accumulated { get; }

    /// <summary>The epoch ends, maybe in mid-window: gradients that wait are given up, as windows begin anew with every epoch (behaviour O5).</summary>
    void EndEpoch()
    {
    }

    /// <summary>What of the engine belongs into a checkpoint.</summary>
    IReadOnlyDictionary<string, object?> Save();

    /// <summary>Continues from <see cref="Save"/>.</summary>
    void Load(IReadOnlyDictionary<string, object?> state);
}
