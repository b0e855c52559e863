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

        var (losses, weights) = ByTrainer(30, Plain);

        Assert.Equal(manualLosses, losses);
        Assert.Equal(manualWeights.Keys, weights.Keys);
        foreach (var (key, weight) in weights) Assert.True(weight.eq(manualWeights[key]).all().item<bool>(), $"{key} differs");
    }

    // In float64: in float32 Adam's first steps, which are as long for a gradient of 1e-9 as for one of 1, and ties of max-pooling turn a rounding into a difference of 1e-4.
    [Fact]
    public void Thirty_steps_with_the_engines_that_are_on_by_default_agree_with_the_plain_path_within_rounding()
    {
        var (plainLosses, plainWeights) = ByTrainer(30, Plain with { Precision = Precision.Float64 });

        var (losses, weights) = ByTrainer(30, Quiet.Options with { Precision = Precision.Float64 });

        Assert.All(losses.Zip(plainLosses), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        foreach (var (key, weight) in weights)
        {
            Assert.True(weight.allclose(plainWeights[key], rtol: 0, atol: 1e-9), $"{key} differs by {weight.sub(plainWeights[key]).abs().max().item<double>()}");
            Assert.True(weight.is_contiguous(), $"{key} was left in the layout of the run");
        }

        Assert.Contains(losses.Zip(plainLosses), pair => pair.First != pair.Second); // the engines did run
    }

    [Fact]
    public void The_first_loss_agrees_in_float32_to_its_last_bits()
    {
        var (plainLosses, _) = ByTrainer(1, Plain);

        var (losses, _) = ByTrainer(1, Quiet.Options);

        Assert.Equal(plainLosses[0], losses[0], 1e-6);
    }

    /// <summary>TorchSharp's own optimizer and layouts: the same bits as the loop by hand.</summary>
    private static TrainerOptions Plain => Quiet.Options with { FusedOptimizers = false, ChannelsLast = EngineMode.Off };

    private static (List<double> Losses, Dictionary<string, Tensor> Weights) ByHand(int steps)
    {
        manual_seed(7);
        var model = new RawCnn();
        var optimizer = optim.Adam(model.parameters().ToArray(), lr: 1e-3);
        var losses = new List<double>();
        model.train();
        foreach (var (x, y) in Loader().Take(steps))
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(x), y);
            loss.backward();
            optimizer.step();
            losses.Add(loss.ToDouble());
        }

        return (losses, model.state_dict());
    }

    private static (List<double> Losses, Dictionary<string, Tensor> Weights) ByTrainer(int steps, TrainerOptions options)
    {
        manual_seed(7);
        var model = new Cnn();
        var losses = new CollectsLosses();
        new Trainer(options with { LimitTrainBatches = steps, Callbacks = [losses] }).Fit(model, Loader());
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
        public List<double> Losses { get; } = [];

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => Losses.Add(context.Loss!.ToDouble()); // the model returns a loss for every batch
    }
}
