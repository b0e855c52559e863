namespace LightningSharp.Data;

/// <summary>A data module made of data sets: the training set shuffled, the others in order.</summary>
/// <typeparam name="TBatch">The batch type.</typeparam>
/// <param name="train">The training set, or null.</param>
/// <param name="validation">The validation set, or null.</param>
/// <param name="test">The test set, or null.</param>
/// <param name="predict">The set to predict, or null.</param>
/// <param name="batchSize">Items per batch.</param>
/// <param name="workers">Threads per loader that read ahead.</param>
/// <param name="seed">Decides the order; null: torch's own seed at the time of the first epoch.</param>
/// <example><code>trainer.Fit(model, new DatasetModule&lt;(Tensor X, Tensor Y)&gt;(train: new TensorDataset(x, y), validation: new TensorDataset(vx, vy), batchSize: 64));</code></example>
public sealed class DatasetModule<TBatch>(
    IDataset? train = null,
    IDataset? validation = null,
    IDataset? test = null,
    IDataset? predict = null,
    int batchSize = 1,
    int workers = 0,
    long? seed = null) : DataModule<TBatch>
{
    /// <summary>Items per batch of the loaders that are asked for from now on: what a search for a batch size (<see cref="Tuning.Tuner"/>) sets.</summary>
    public int BatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = batchSize;

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? TrainDataLoader() => Loader(train, shuffle: true);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? ValidationDataLoader() => Loader(validation);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? TestDataLoader() => Loader(test);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? PredictDataLoader() => Loader(predict);

    /// <summary>Which sets there are and how many items they have.</summary>
    public override string ToString()
    {
        (string Name, IDataset? Set)[] sets = [("train", train), ("validation", validation), ("test", test), ("predict", predict)];
        return $"DatasetModule({string.Join(", ", sets.Where(entry => entry.Set is not null).Select(entry => $"{entry.Name}: {entry.Set?.Count:N0} items"))})";
    }

    private DataLoader<TBatch>? Loader(IDataset? dataset, bool shuffle = false) =>
        dataset is null ? null : new(dataset, BatchSize, shuffle, workers: workers, seed: seed, pinMemory: true);
}
