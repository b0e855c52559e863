using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>What <see cref="MnistDataModule"/> and <see cref="FashionMnistDataModule"/> share: four loaders over a training and a test set.</summary>
public abstract class ImageDataModule : DataModule<(Tensor X, Tensor Y)>
{
    private readonly int _workers;
    private readonly long? _seed;
    private Mnist? _train;
    private Mnist? _test;

    private protected ImageDataModule(int batchSize, int workers, long? seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        (BatchSize, _workers, _seed) = (batchSize, workers, seed);
    }

    /// <summary>Images per batch of the loaders that are asked for from now on: what a search for a batch size (<see cref="Tuning.Tuner"/>) sets.</summary>
    public int BatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }

    /// <summary>The 60,000 training images; read when first asked for.</summary>
    public Mnist TrainSet => _train ??= Open(train: true);

    /// <summary>The 10,000 test images; read when first asked for.</summary>
    public Mnist TestSet => _test ??= Open(train: false);

    /// <inheritdoc/>
    public override void Setup(Stage stage)
    {
        if (stage == Stage.Fit)
            _ = TrainSet;
        _ = TestSet;
    }

    /// <inheritdoc/>
    public override void Teardown(Stage stage)
    {
        _train?.Dispose();
        _test?.Dispose();
        _train = _test = null;
    }

    /// <summary>The training images in another order each epoch.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? TrainDataLoader() =>
        new DataLoader<(Tensor X, Tensor Y)>(TrainSet, BatchSize, shuffle: true, workers: _workers, seed: _seed, pinMemory: true);

    /// <summary>The test images in the order of the file.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? ValidationDataLoader() => Evaluation();

    /// <summary>The test images in the order of the file.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? TestDataLoader() => Evaluation();

    /// <summary>The test images in the order of the file.</summary>
    public override IEnumerable<(Tensor X, Tensor Y)>? PredictDataLoader() => Evaluation();

    private protected abstract Mnist Open(bool train);

    private DataLoader<(Tensor X, Tensor Y)> Evaluation() => new(TestSet, BatchSize, workers: _workers, seed: _seed, pinMemory: true);
}
