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

    [Theory]
    [InlineData(NonFiniteAction.Skip, 3)]
    [InlineData(NonFiniteAction.Stop, 1)]
    public void Gradients_that_are_not_finite_in_an_evaluation_leave_the_step_out_and_the_weights_as_before(NonFiniteAction action, long steps)
    {
        var log = new ListLog();
        using var model = new Newton { BreakGradientAt = 5 }; // in the middle of the second batch
        var weights = new List<float[]>();
        var callback = new LambdaCallback(onTrainBatchEnd: _ => weights.Add(model.Layer.weight!.data<float>().ToArray()));

        var result = new Trainer(Quiet.Options with { CheckGradients = true, OnNonFinite = action, LoggerFactory = log, Callbacks = [callback] }).Fit(model, ToyData.Batches(16, 4));

        Assert.Equal(steps, result.Progress.GlobalStep);
        Assert.Equal(weights[0], weights[1]);
        Assert.All(model.Layer.weight!.data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.Contains(log.Lines, line => line.Text.Contains("gradients of 'layer.weight' are NaN or infinite in epoch 0, batch 1", StringComparison.Ordinal));
        if (action == NonFiniteAction.Stop) Assert.Equal(StopReason.NonFinite, result.StopReason);
        else Assert.NotEqual(weights[1], weights[2]); // and it goes on
    }

    [Fact]
    public void Gradients_of_evaluations_are_only_reported_when_that_is_asked_for_and_not_looked_at_without_the_option()
    {
        var (asked, silent) = (new ListLog(), new ListLog());

        var warned = new Trainer(Quiet.Options with { CheckGradients = true, LoggerFactory = asked }).Fit(new Newton { BreakGradientAt = 5 }, ToyData.Batches(16, 4));
        new Trainer(Quiet.Options with { OnNonFinite = NonFiniteAction.Stop, LoggerFactory = silent }).Fit(new Newton { BreakGradientAt = 12 }, ToyData.Batches(16, 4));

        Assert.Equal(4, warned.Progress.GlobalStep);
        Assert.Contains(asked.Lines, line => line.Text.Contains("gradients of 'layer.weight'", StringComparison.Ordinal));
        Assert.DoesNotContain(silent.Lines, line => line.Text.Contains("gradients of", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_that_is_not_finite_in_an_evaluation_leaves_the_step_out_when_that_is_asked_for()
    {
        using var model = new Newton { BreakLossAt = 5 };

        var result = new Trainer(Quiet.Options with { OnNonFinite = NonFiniteAction.Skip, LoggerFactory = new ListLog() }).Fit(model, ToyData.Batches(16, 4));

        Assert.Equal(3, result.Progress.GlobalStep);
        Assert.All(model.Layer.weight!.data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Gradients_of_a_manual_closure_are_looked_at_too()
    {
        using var model = new ManualNewton { Breaks = true };
        var before = model.Layer.weight!.data<float>().ToArray();

        var result = new Trainer(Quiet.Options with { CheckGradients = true, OnNonFinite = NonFiniteAction.Skip, LoggerFactory = new ListLog() }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(0, result.Progress.GlobalStep);
        Assert.Equal(before, model.Layer.weight!.data<float>().ToArray());
    }

    private sealed class Newton : TinyModel
    {
        public List<string> Calls { get; } = [];

        public bool IsRecording { get; init; }

        public bool ReturnsNull { get; init; }

        public bool HasSecond { get; init; }

        public bool LeavesOutStep { get; init; }

        public int FailAt { get; init; }

        public int BreakGradientAt { get; init; }

        public int BreakLossAt { get; init; }

        public Tensor Of((Tensor X, Tensor Y) batch) => Loss(batch);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Calls.Add("step");
            var loss = base.TrainingStep(batch, batchIndex);
            if (Losses.Count == FailAt) throw new TimeoutException("from the step");
            if (Losses.Count == BreakLossAt) return loss! * float.NaN;
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

        public override void OnAfterBackward()
        {
            Calls.Add("after");
            if (Losses.Count != BreakGradientAt) return;
            using var noGrad = no_grad();
            Layer.weight!.grad!.fill_(float.PositiveInfinity);
        }

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

        public bool Breaks { get; init; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Optimizers()[0].Step(() =>
            {
                if (!Breaks) throw new TimeoutException("from the closure");
                var loss = Loss(batch);
                ManualBackward(loss);
                using var noGrad = no_grad();
                Layer.bias!.grad!.fill_(float.NaN);
                return loss;
            });
            return null;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.LBFGS(parameters().ToArray());
    }
}
