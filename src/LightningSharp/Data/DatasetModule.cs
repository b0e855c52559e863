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
    /// <summary>A stream to train on instead of <c>train</c>; in its own order, since a stream cannot be shuffled.</summary>
    public IStreamDataset? TrainStream { get; init; }

    /// <summary>Several named validation sets instead of one; logged keys end in <c>/name</c>.</summary>
    public IReadOnlyList<(string Name, IDataset Set)> ValidationSets { get; init; } = [];

    /// <summary>Several named test sets instead of one; logged keys end in <c>/name</c>.</summary>
    public IReadOnlyList<(string Name, IDataset Set)> TestSets { get; init; } = [];

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
    public override IEnumerable<TBatch>? TrainDataLoader() =>
        TrainStream is { } stream ? new DataLoader<TBatch>(stream, BatchSize, workers: workers, pinMemory: true) : Loader(train, shuffle: true);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? ValidationDataLoader() => Loaders(ValidationSets) ?? Loader(validation);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? TestDataLoader() => Loaders(TestSets) ?? Loader(test);

    /// <inheritdoc/>
    public override IEnumerable<TBatch>? PredictDataLoader() => Loader(predict);

    /// <summary>Which sets there are and how many items they have.</summary>
    public override string ToString()
    {
        (string Name, IDataset? Set)[] sets =
        [
            ("train", train), ("validation", validation), .. ValidationSets.Select(entry => ("validation " + entry.Name, (IDataset?)entry.Set)),
            ("test", test), .. TestSets.Select(entry => ("test " + entry.Name, (IDataset?)entry.Set)), ("predict", predict),
        ];
        var texts = sets.Where(entry => entry.Set is not null).Select(entry => $"{entry.Name}: {entry.Set?.Count:N0} items");
        return $"DatasetModule({string.Join(", ", TrainStream is { } stream ? texts.Prepend($"train: {(stream.Count is { } count ? $"a stream of {count:N0} items" : "a stream")}") : texts)})";
    }

    private DataLoader<TBatch>? Loader(IDataset? dataset, bool shuffle = false) =>
        dataset is null ? null : new(dataset, BatchSize, shuffle, workers: workers, seed: seed, pinMemory: true);

    private IEnumerable<TBatch>? Loaders(IReadOnlyList<(string Name, IDataset Set)> sets)
    {
        if (sets.Count == 0)
            return null;
        var group = new LoaderGroup<TBatch>();
        foreach (var (name, set) in sets)
            group.Add(name, new DataLoader<TBatch>(set, BatchSize, workers: workers, seed: seed, pinMemory: true));
        return group;
    }
}
