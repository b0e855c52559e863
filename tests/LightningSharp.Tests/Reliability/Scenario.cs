using System.Security.Cryptography;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Reliability;

/// <summary>A small training with everything that can make a resume differ: dropout, batch normalisation, Adam, shuffled data, a scheduler, validation in mid-epoch.</summary>
internal static class Scenario
{
    public const int Rows = 96, BatchSize = 8, BatchesPerEpoch = Rows / BatchSize;

    public static DataLoader<(Tensor X, Tensor Y)> Train(int workers = 0) => new(Data(Rows, 1), BatchSize, shuffle: true, workers: workers, seed: 3);

    public static DataLoader<(Tensor X, Tensor Y)> Validation(int workers = 0) => new(Data(32, 2), BatchSize, workers: workers);

    /// <summary>One number for all weights and buffers.</summary>
    public static string Fingerprint(nn.Module module)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, tensor) in module.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal)) hash.AppendData(tensor.bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static TensorDataset Data(int rows, int seed)
    {
        var random = new Random(seed);
        var x = new float[rows * 4];
        var y = new float[rows * 2];
        for (var i = 0; i < x.Length; i++) x[i] = random.NextSingle();
        for (var i = 0; i < y.Length; i++) y[i] = random.NextSingle();
        return new(tensor(x, [rows, 4]).clone(), tensor(y, [rows, 2]).clone());
    }

    internal class Model : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> net = Sequential(Linear(4, 16), BatchNorm1d(16), Dropout(0.3), ReLU(), Linear(16, 2));

        public override Tensor forward(Tensor x) => net.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.mse_loss(call(batch.X), batch.Y);
            Log("loss", loss, onStep: true, onEpoch: true);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", functional.mse_loss(call(batch.X), batch.Y));

        public override OptimizerSetup ConfigureOptimizers()
        {
            var adam = optim.Adam(parameters().ToArray(), 0.01);
            return (adam, new SchedulerSetup(new LightningSharp.Optimization.StepLR(adam, 5, 0.9)) { Interval = SchedulerInterval.Step });
        }
    }
}
