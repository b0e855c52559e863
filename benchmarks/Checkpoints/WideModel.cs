using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>100 MiB of weights and as much again twice over for Adam's moments: large enough that writing them takes many steps.</summary>
internal sealed class WideModel : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> layers = Sequential(
        Linear(2048, 2048), ReLU(), Linear(2048, 2048), ReLU(), Linear(2048, 2048), ReLU(), Linear(2048, 2048), ReLU(), Linear(2048, 2048), ReLU(), Linear(2048, 2048));

    public override Tensor forward(Tensor x) => layers.call(x);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

    public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 1e-4);
}
