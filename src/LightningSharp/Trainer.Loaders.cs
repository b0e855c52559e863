using System.Collections;

namespace LightningSharp;

/// <content>The user's own loaders, for hooks and callbacks that want more of them than their batches.</content>
public sealed partial class Trainer
{
    private readonly Dictionary<HookId, IEnumerable?> _requested = [];

    /// <summary>
    /// The training loader of the latest <c>Fit</c>, as it was passed or as module or data module returned it: cast it to what it is. Null before it was asked for, which happens
    /// after <c>Setup</c>; a new one after each <see cref="TrainerOptions.ReloadDataloadersEveryNEpochs"/>.
    /// </summary>
    /// <example><code>
    /// var size = ((DataLoader&lt;(Tensor X, Tensor Y)&gt;)trainer.TrainDataLoader!).BatchSize;
    /// </code></example>
    public IEnumerable? TrainDataLoader => _requested.GetValueOrDefault(HookId.TrainDataLoader);

    /// <summary>The validation loader of the latest <c>Fit</c> or <c>Validate</c>; several are the <see cref="Data.LoaderGroup{TBatch}"/> that was given. Null before it was asked for, and when there is none.</summary>
    public IEnumerable? ValidationDataLoaders => _requested.GetValueOrDefault(HookId.ValidationDataLoader);

    /// <summary>The loader of the latest <c>Test</c>; several are the <see cref="Data.LoaderGroup{TBatch}"/> that was given.</summary>
    public IEnumerable? TestDataLoaders => _requested.GetValueOrDefault(HookId.TestDataLoader);

    /// <summary>The loader of the latest <c>Predict</c>; several are the <see cref="Data.LoaderGroup{TBatch}"/> that was given.</summary>
    public IEnumerable? PredictDataLoaders => _requested.GetValueOrDefault(HookId.PredictDataLoader);

    internal void Requested(HookId hook, IEnumerable? loader) => _requested[hook] = loader;

    // What an earlier run had must not pass for what this one has.
    private void ForgetLoaders(Stage stage)
    {
        if (stage == Stage.Fit) _requested.Remove(HookId.TrainDataLoader);
        _requested.Remove(stage switch
        {
            Stage.Test => HookId.TestDataLoader,
            Stage.Predict => HookId.PredictDataLoader,
            _ => HookId.ValidationDataLoader,
        });
    }
}
