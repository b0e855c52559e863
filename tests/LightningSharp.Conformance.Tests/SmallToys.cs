using LightningSharp.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Conformance;

/// <summary>Asks the Trainer something while it configures its optimizer.</summary>
internal sealed class Asking(Action<Trainer> question) : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Linear layer = ToyWeights.Linear(4, 2);

    public override Tensor forward(Tensor input) => layer.call(input);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => F.mse_loss(call(batch.X), batch.Y);

    public override OptimizerSetup ConfigureOptimizers()
    {
        question(Trainer);
        return optim.SGD(parameters(), 0.1);
    }
}

/// <summary>Runs out of memory above a batch size.</summary>
internal sealed class Growing(int failsAbove) : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Linear layer = ToyWeights.Linear(4, 2);

    public Linear Layer => layer;

    public override Tensor forward(Tensor input) => layer.call(input);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        => batch.X.shape[0] > failsAbove ? throw new FullMemoryException() : F.mse_loss(call(batch.X), batch.Y);

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
}

/// <summary>64 rows in batches of a size that can be set.</summary>
internal sealed class GrowingData : DataModule<(Tensor X, Tensor Y)>
{
    public int BatchSize { get; set; } = 2;

    public List<int> Sizes { get; } = [];

    public override IEnumerable<(Tensor X, Tensor Y)>? TrainDataLoader()
    {
        Sizes.Add(BatchSize);
        var (x, y) = ToyData.Rows(0, 64);
        return new DataLoader<(Tensor X, Tensor Y)>(new LightningSharp.Data.TensorDataset(x, y), BatchSize);
    }
}

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("conformance").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The toy with a batch normalisation behind its layer.</summary>
internal sealed class ToyWithBatchNorm(Recorder recorder, System.Text.Json.Nodes.JsonObject config) : ToyPairs(recorder, config, null)
{
    private readonly BatchNorm1d bn = nn.BatchNorm1d(2);

    public BatchNorm1d Norm => bn;

    public override Tensor forward(Tensor input) => bn.call(Layer.call(input));

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);
}

/// <summary>What libtorch throws when memory is full.</summary>
internal sealed class FullMemoryException() : System.Runtime.InteropServices.ExternalException("CUDA out of memory. (raised by the case)");
