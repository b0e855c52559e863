using LightningSharp.Callbacks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Terminal;

/// <summary>A model of ten parameters whose losses and metrics the test dictates.</summary>
internal sealed class TinyModel : LightningModule<Tensor>
{
    private readonly Module<Tensor, Tensor> fc = Linear(4, 2);

    /// <summary>Called in every step.</summary>
    public Action<TinyModel, int>? InTraining { get; init; }

    /// <summary>Called in every validation and test step.</summary>
    public Action<TinyModel, int>? InEvaluation { get; init; }

    public override Tensor forward(Tensor input) => fc.call(input);

    public override Tensor TrainingStep(Tensor batch, int batchIndex)
    {
        InTraining?.Invoke(this, batchIndex);
        // The value is exactly the batch's number; the gradient is that of the output.
        var output = call(batch).mean();
        return output - output.detach() + batch.mean();
    }

    public override void ValidationStep(Tensor batch, int batchIndex) => InEvaluation?.Invoke(this, batchIndex);

    public override void TestStep(Tensor batch, int batchIndex) => InEvaluation?.Invoke(this, batchIndex);

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.0);

    /// <summary>Batches of two samples; every number of batch n is n + 1.</summary>
    public static List<Tensor> Batches(int count) => [.. Enumerable.Range(1, count).Select(value => full([2, 4], (float)value))];
}
