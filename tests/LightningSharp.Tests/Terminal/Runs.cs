using LightningSharp.Callbacks;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Terminal;

/// <summary>Runs that nobody cancels.</summary>
internal static class Runs
{
    public static void Train(this Trainer trainer, TinyModel model, List<Tensor> batches, List<Tensor>? validation = null) => trainer.Fit(model, batches, validation);

    public static void Evaluate(this Trainer trainer, TinyModel model, List<Tensor> batches) => trainer.Test(model, batches);
}
