using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>The data of a training case: MNIST for the convolutional net, 4,096 random rows for the tiny one.</summary>
internal sealed class BenchmarkData
{
    private readonly Mnist? _mnist;
    private readonly TensorDataset? _rows;

    public BenchmarkData(string model, int batch)
    {
        (Model, Batch) = (model, batch);
        if (IsCnn) _mnist = new Mnist();
        else _rows = new TensorDataset(randn(4096, 32), randint(2, [4096], dtype: int64));
    }

    public string Model { get; }

    public int Batch { get; }

    public bool IsCnn => Model == "cnn";

    /// <summary>Our loader.</summary>
    public DataLoader<(Tensor X, Tensor Y)> Loader(bool pinned = false) => new((IDataset?)_mnist ?? _rows!, Batch, shuffle: true, dropLast: true, seed: 1, pinMemory: pinned);

    /// <summary>Batches that are there already, for the cases that measure the loop and not the loader: an epoch goes through them sixteen times, as long as one over MNIST.</summary>
    public IEnumerable<(Tensor X, Tensor Y)> ReadyBatches() => new RepeatedBatches([.. Loader()], times: 16);

    /// <summary>What the loop by hand trains on: the ready batches of the tiny model, else TorchSharp's loader over one tensor per item, as its torchvision data set keeps them.</summary>
    public IEnumerable<(Tensor X, Tensor Y)> TorchSharpLoader()
    {
        if (!IsCnn)
        {
            var batches = ReadyBatches();
            while (true)
            {
                foreach (var batch in batches) yield return batch;
            }
        }

        using var items = new MnistItems(_mnist!); // read above
        using var loader = new TorchSharp.Modules.DataLoader(items, Batch, shuffle: true, drop_last: true);
        while (true)
        {
            foreach (var batch in loader) yield return (batch["data"], batch["label"]);
        }
    }

    public nn.Module<Tensor, Tensor> Network() => IsCnn
        ? nn.Sequential(
            nn.Conv2d(1, 64, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2, stride: 2), nn.Conv2d(64, 128, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2, stride: 2),
            nn.Flatten(), nn.Linear(128 * 7 * 7, 10))
        : nn.Linear(32, 2);

    public optim.Optimizer Optimizer(nn.Module network)
        => Model == "tiny" ? optim.SGD(network.parameters().ToArray(), 0.01) : optim.Adam(network.parameters().ToArray(), 1e-3);
}
