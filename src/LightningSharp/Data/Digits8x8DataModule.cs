using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>The digits of <see cref="Digits8x8"/>: 1,437 to train on, 360 to validate, test and predict. Needs no files and no network.</summary>
/// <param name="batchSize">Images per batch; 64 by default.</param>
/// <param name="workers">Threads that prepare batches ahead; 0, the default, prepares them in the loop itself.</param>
/// <param name="seed">Decides the order; null: torch's own seed at the time of the first epoch.</param>
/// <example><code>trainer.Fit(model, new Digits8x8DataModule());   // batches of [64, 1, 8, 8] and [64]</code></example>
public sealed class Digits8x8DataModule(int batchSize = 64, int workers = 0, long? seed = null) : DataModule<(Tensor X, Tensor Y)>
{
    /// <summary>The training images in another order each epoch.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? TrainDataLoader() =>
        new DataLoader<(Tensor X, Tensor Y)>(new Digits8x8(train: true), batchSize, shuffle: true, workers: workers, seed: seed, pinMemory: true);

    /// <summary>The test images in their own order.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? ValidationDataLoader() => Evaluation();

    /// <summary>The test images in their own order.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? TestDataLoader() => Evaluation();

    /// <summary>The test images in their own order.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? PredictDataLoader() => Evaluation();

    private DataLoader<(Tensor X, Tensor Y)> Evaluation() => new(new Digits8x8(train: false), batchSize, workers: workers, seed: seed, pinMemory: true);
}
