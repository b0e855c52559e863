using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

public class AutomaticOptimizationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_window_is_one_step_along_the_mean_of_its_losses(int window)
    {
        using var model = new TinyModel();
        using var byHand = new TinyModel();
        var batches = ToyData.Batches(12, 4);

        var result = new Trainer(Quiet.Options with { AccumulateGradBatches = window, FusedOptimizers = false }).Fit(model, batches);
        var optimizer = optim.SGD(byHand.parameters().ToArray(), 0.1);
        foreach (var part in ToyData.Batches(12, 4).Chunk(window))
        {
            optimizer.zero_grad();
            foreach (var (x, y) in part) (nn.functional.mse_loss(byHand.call(x), y) / window).backward();
            optimizer.step();
        }

        Assert.Equal(12 / 4 / window, result.Progress.GlobalStep);
        Assert.Equal(byHand.Layer.weight!.data<float>().ToArray(), model.Layer.weight!.data<float>().ToArray());
        Assert.Equal(byHand.Layer.bias!.data<float>().ToArray(), model.Layer.bias!.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_are_cleared_at_the_first_batch_of_a_window_and_hooks_of_backward_run_for_each()
    {
        var seen = new List<string>();
        var callback = new LambdaCallback(
            onTrainBatchStart: c => seen.Add($"{c.BatchIndex}"), onBeforeZeroGrad: _ => seen.Add("zero"), onBeforeBackward: _ => seen.Add("backward"), onAfterBackward: _ => seen.Add("done"),
            onBeforeOptimizerStep: _ => seen.Add("step"));

        new Trainer(Quiet.Options with { AccumulateGradBatches = 2, Callbacks = [callback] }).Fit(new TinyModel(), ToyData.Batches(12, 4));

        Assert.Equal("0 zero backward done 1 backward done step 2 zero backward done step", string.Join(' ', seen));
    }

    [Fact]
    public void Optimizers_that_take_turns_follow_their_frequencies()
    {
        var model = new Turns();

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(model, ToyData.Batches(20, 4));

        Assert.Equal([0, 0, 1, 0, 0, 1, 0, 0, 1, 0], model.Asked);
        Assert.Equal(10, result.Progress.GlobalStep);
    }

    [Fact]
    public void Optimizers_that_step_together_each_count_a_step()
    {
        var model = new Together();
        var trainer = new Trainer(Quiet.Options);

        trainer.Fit(model, ToyData.Batches(12, 4));

        Assert.Equal(6, trainer.GlobalStep);
        Assert.All(trainer.Optimizers, optimizer => Assert.Equal(3, optimizer.StepCount));
    }

    [Fact]
    public void A_single_optimizer_that_alternates_with_nobody_is_asked_without_a_number()
    {
        var model = new Alone();

        new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(2, model.Losses.Count);
    }

    private sealed class Turns : TinyModel
    {
        public List<int> Asked { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex, int optimizerIndex)
        {
            Asked.Add(optimizerIndex);
            return Loss(batch);
        }

        public override OptimizerSetup ConfigureOptimizers()
            => OptimizerSetup.Alternate(new OptimizerEntry(optim.SGD([Layer.weight!], 0.1)) { Frequency = 2 }, optim.SGD([Layer.bias!], 0.1));
    }

    private sealed class Together : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => new optim.Optimizer[] { optim.SGD([Layer.weight!], 0.1), optim.SGD([Layer.bias!], 0.1) };
    }

    private sealed class Alone : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => OptimizerSetup.Alternate(optim.SGD(parameters().ToArray(), 0.1));
    }
}
