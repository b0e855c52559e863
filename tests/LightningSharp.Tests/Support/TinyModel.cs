using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Support;

/// <summary>One linear layer with fixed weights, the model of most tests. Each piece can be replaced.</summary>
public class TinyModel : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly TorchSharp.Modules.Linear layer = Linear(4, 2);

    public TinyModel()
    {
        using var noGrad = no_grad();
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 4; j++) layer.weight![k, j].fill_(((k + 1) * 0.1) - (j * 0.05));
            layer.bias![k].fill_((k + 1) * 0.01);
        }
    }

    public TorchSharp.Modules.Linear Layer => layer;

    public double LearningRate { get; init; } = 0.1;

    public List<double> Losses { get; } = [];

    public override Tensor forward(Tensor x) => layer.call(x);

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var loss = Loss(batch);
        Losses.Add(loss.ToDouble());
        Log("loss", loss);
        return loss;
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", Loss(batch));

    public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("test_loss", Loss(batch));

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), LearningRate);

    protected Tensor Loss((Tensor X, Tensor Y) batch) => functional.mse_loss(call(batch.X), batch.Y);
}
