namespace LightningSharp.Data;

/// <summary>Kuzushiji-MNIST as batches of normalised images [B, 1, 28, 28] and int64 labels [B]; otherwise like <see cref="MnistDataModule"/>, but never downloaded.</summary>
/// <param name="root">Folder with the files; null: the places that <see cref="Mnist"/> names.</param>
/// <param name="batchSize">Images per batch; 64 by default.</param>
/// <param name="workers">Threads that prepare batches ahead; 0, the default, prepares them in the loop itself.</param>
/// <param name="seed">Decides the order; null: torch's own seed at the time of the first epoch.</param>
public sealed class KmnistDataModule(string? root = null, int batchSize = 64, int workers = 0, long? seed = null) : ImageDataModule(batchSize, workers, seed)
{
    /// <inheritdoc/>
    public override void PrepareData() => Kmnist.Download(root);

    private protected override Mnist Open(bool train) => new Kmnist(train, root);
}
