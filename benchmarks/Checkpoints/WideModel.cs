using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>Short steps and a large table that belongs to the checkpoint: writing the file takes as long as many steps.</summary>
internal sealed class WideModel : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> layers = Sequential(Linear(256, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 256));

    public WideModel(int mebibytes) => register_buffer("table", ones([mebibytes, 1 << 18]));

    public override Tensor forward(Tensor x) => layers.call(x);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

    public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 1e-4);
}
