namespace LightningSharp.Data;

/// <summary>MNIST as batches of normalised images [B, 1, 28, 28] and int64 labels [B]: 60,000 to train on, shuffled anew each epoch, 10,000 to validate, test and predict.</summary>
/// <param name="root">Folder with the files, and where downloads go; null: the places that <see cref="Mnist"/> names.</param>
/// <param name="batchSize">Images per batch; 64 by default.</param>
/// <param name="workers">Threads that prepare batches ahead; 0, the default, prepares them in the loop itself, which for this data is as fast.</param>
/// <param name="seed">Decides the order; null: torch's own seed at the time of the first epoch.</param>
/// <example><code>trainer.Fit(model, new MnistDataModule(batchSize: 2048));</code></example>
public sealed class MnistDataModule(string? root = null, int batchSize = 64, int workers = 0, long? seed = null) : ImageDataModule(batchSize, workers, seed)
{
    /// <inheritdoc/>
    public override void PrepareData() => Mnist.Download(root);

    private protected override Mnist Open(bool train) => new(train, root);
}
