using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

public class ClosureOptimizationTests
{
    [Fact]
    public void LBFGS_trains_like_a_loop_by_hand_with_a_closure()
    {
        var batches = ToyData.Batches(8, 4);
        using var model = new Newton();
        using var byHand = new Newton();
        var optimizer = optim.LBFGS(byHand.parameters().ToArray(), lr: 0.5, max_iter: 3);

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(model, batches);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in batches)
            {
                optimizer.step(() =>
                {
                    foreach (var parameter in byHand.parameters()) parameter.grad = null;
                    var loss = byHand.Of(batch);
                    loss.backward();
                    return loss.alias();
                });
            }
        }

        Assert.Equal(4, result.Progress.GlobalStep);
        Assert.True(model.Losses.Count > 4);
        Assert.Equal(byHand.Layer.weight!.data<float>().ToArray(), model.Layer.weight!.data<float>().ToArray());
    }

    [Fact]
    public void Every_evaluation_runs_its_hooks_and_the_step_counts_once()
    {
        using var model = new Newton { IsRecording = true };

        new Trainer(Quiet.Options with { LimitTrainBatches = 1, GradientClipVal = 1.0 }).Fit(model, ToyData.Batches(8, 4));

        string[] evaluation = ["step", "zero", "backward", "after", "before_step", "clip"];
        Assert.Equal(["optimizer_step", .. Enumerable.Repeat(evaluation, model.Losses.Count).SelectMany(call => call)], model.Calls);
        Assert.Equal(3, model.Losses.Count);
    }

    [Fact]
    public void The_loss_of_the_batch_is_that_of_the_last_evaluation()
    {
        using var model = new Newton();
        var ends = new List<double>();

        new Trainer(Quiet.Options with { LimitTrainBatches = 1, Callbacks = [new LambdaCallback(onTrainBatchEnd: context => ends.Add(context.Loss!.ToDouble()))] }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal([model.Losses[^1]], ends);
        Assert.True(model.Losses[^1] < model.Losses[0]);
    }

    [Fact]
    public void An_exception_inside_an_evaluation_reaches_the_caller_and_leaves_the_weights_of_before()
    {
        using var model = new Newton { FailAt = 3 }; // in the middle of the first batch
        var before = model.Layer.weight!.data<float>().ToArray();

        var error = Assert.Throws<TimeoutException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4)));

        Assert.Equal("from the step", error.Message);
        Assert.Equal(before, model.Layer.weight!.data<float>().ToArray());
    }

    [Fact]
    public void A_manual_closure_that_throws_does_not_end_the_process_either()
    {
        using var model = new ManualNewton();

        var error = Assert.Throws<TimeoutException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4)));

        Assert.Equal("from the closure", error.Message);
    }

    [Fact]
    public void A_skipped_batch_accumulation_and_a_second_optimizer_are_refused()
    {
        var skipped = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new Newton { ReturnsNull = true }, ToyData.Batches(8, 4)));
        var accumulated = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { AccumulateGradBatches = 2 }).Fit(new Newton(), ToyData.Batches(8, 4)));
        var second = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new Newton { HasSecond = true }, ToyData.Batches(8, 4)));
        var unstepped = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new Newton { LeavesOutStep = true }, ToyData.Batches(8, 4)));

        Assert.Contains("Newton.TrainingStep returned null: a batch cannot be skipped with LBFGS", skipped.Message, StringComparison.Ordinal);
        Assert.Contains("AccumulateGradBatches = 2 does not work with LBFGS", accumulated.Message, StringComparison.Ordinal);
        Assert.Contains("LBFGS is one of 2 optimizers", second.Message, StringComparison.Ordinal);
        Assert.Contains("Newton.OptimizerStep did not step LBFGS", unstepped.Message, StringComparison.Ordinal);
    }

    private sealed class Newton : TinyModel
    {
        public List<string> Calls { get; } = [];

        public bool IsRecording { get; init; }

        public bool ReturnsNull { get; init; }

        public bool HasSecond { get; init; }

        public bool LeavesOutStep { get; init; }

        public int FailAt { get; init; }

        public Tensor Of((Tensor X, Tensor Y) batch) => Loss(batch);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Calls.Add("step");
            var loss = base.TrainingStep(batch, batchIndex);
            if (Losses.Count == FailAt) throw new TimeoutException("from the step");
            return ReturnsNull ? null : loss;
        }

        public override void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
        {
            Calls.Add("optimizer_step");
            if (!LeavesOutStep) base.OptimizerStep(epoch, batchIndex, optimizer);
        }

        public override void OptimizerZeroGrad(int epoch, int batchIndex, LightningOptimizer optimizer)
        {
            Calls.Add("zero");
            base.OptimizerZeroGrad(epoch, batchIndex, optimizer);
        }

        public override void OnBeforeBackward(Tensor loss) => Calls.Add("backward");

        public override void OnAfterBackward() => Calls.Add("after");

        public override void OnBeforeOptimizerStep(LightningOptimizer optimizer) => Calls.Add("before_step");

        public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
        {
            Calls.Add("clip");
            if (!IsRecording) base.ConfigureGradientClipping(optimizer, clipVal, algorithm);
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var lbfgs = optim.LBFGS(parameters().ToArray(), lr: 0.5, max_iter: 3);
            return HasSecond ? new optim.Optimizer[] { lbfgs, optim.SGD([Layer.bias!], 0.1) } : lbfgs;
        }
    }

    private sealed class ManualNewton : TinyModel
    {
        public ManualNewton() => AutomaticOptimization = false;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Optimizers()[0].Step(() => throw new TimeoutException("from the closure"));
            return null;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.LBFGS(parameters().ToArray());
    }
}
