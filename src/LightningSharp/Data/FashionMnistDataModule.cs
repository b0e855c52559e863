namespace LightningSharp.Data;

/// <summary>Fashion-MNIST as batches of normalised images [B, 1, 28, 28] and int64 labels [B]; otherwise like <see cref="MnistDataModule"/>.</summary>
/// <param name="root">Folder with the files, and where downloads go; null: the places that <see cref="Mnist"/> names.</param>
/// <param name="batchSize">Images per batch; 64 by default.</param>
/// <param name="workers">Threads that prepare batches ahead; 0, the default, prepares them in the loop itself.</param>
/// <param name="seed">Decides the order; null: torch's own seed at the time of the first epoch.</param>
public sealed class FashionMnistDataModule(string? root = null, int batchSize = 64, int workers = 0, long? seed = null) : ImageDataModule(batchSize, workers, seed)
{
    /// <inheritdoc/>
    public override void PrepareData() => FashionMnist.Download(root);

    private protected override Mnist Open(bool train) => new FashionMnist(train, root);
}
