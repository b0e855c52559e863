using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

/// <summary>The seed's experiment by hand and by the Trainer: the same bits.</summary>
public class ParityTests
{
    [Fact]
    public void Thirty_steps_of_the_manual_loop_and_of_the_Trainer_give_bitwise_equal_losses_and_weights()
    {
        var (manualLosses, manualWeights) = ByHand(30);

        var (losses, weights) = ByTrainer(30);

        Assert.Equal(manualLosses, losses);
        Assert.Equal(manualWeights.Keys, weights.Keys);
        foreach (var (key, weight) in weights) Assert.True(weight.eq(manualWeights[key]).all().item<bool>(), $"{key} differs");
    }

    private static (List<float> Losses, Dictionary<string, Tensor> Weights) ByHand(int steps)
    {
        manual_seed(7);
        var model = new RawCnn();
        var optimizer = optim.Adam(model.parameters().ToArray(), lr: 1e-3);
        var losses = new List<float>();
        model.train();
        foreach (var (x, y) in Loader().Take(steps))
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(x), y);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        return (losses, model.state_dict());
    }

    private static (List<float> Losses, Dictionary<string, Tensor> Weights) ByTrainer(int steps)
    {
        manual_seed(7);
        var model = new Cnn();
        var losses = new CollectsLosses();
        new Trainer(Quiet.Options with { LimitTrainBatches = steps, Callbacks = [losses] }).Fit(model, Loader());
        return (losses.Losses, model.state_dict());
    }

    private static IEnumerable<(Tensor X, Tensor Y)> Loader()
    {
        var data = new MnistDataModule(batchSize: 16, seed: 3);
        data.Setup(Stage.Fit);
        return data.TrainDataLoader()!; // MnistDataModule always has one
    }

    private sealed class CollectsLosses : Callback
    {
        public List<float> Losses { get; } = [];

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => Losses.Add(context.Loss!.item<float>()); // the model returns a loss for every batch
    }
}
