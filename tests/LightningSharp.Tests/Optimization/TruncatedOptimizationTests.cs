using LightningSharp.Callbacks;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Optimization;

public class TruncatedOptimizationTests
{
    private static readonly TrainerOptions Windows = Quiet.Options with { TruncatedBpttSteps = 4, FusedOptimizers = false };

    [Fact]
    public void Windows_with_a_carried_state_equal_a_loop_by_hand_to_the_bit()
    {
        var batches = Batches(count: 3, length: 10);
        using var model = new Recurrent();
        using var byHand = new Recurrent();

        var result = new Trainer(Windows with { MaxEpochs = 2 }).Fit(model, batches);
        var (losses, steps) = ByHand(byHand, batches, epochs: 2, window: 4);

        Assert.Equal(18, steps); // windows of 4, 4 and 2 in each of 3 batches, twice
        Assert.Equal(steps, result.Progress.GlobalStep);
        Assert.Equal(losses, model.WindowLosses);
        Assert.All(model.parameters().Zip(byHand.parameters()), pair => Assert.True(pair.First.bytes.SequenceEqual(pair.Second.bytes)));
    }

    [Fact]
    public void The_state_is_empty_in_the_first_window_of_every_batch_and_detached_in_the_others()
    {
        using var model = new Recurrent();

        new Trainer(Windows).Fit(model, Batches(count: 2, length: 8));

        Assert.Equal(["0:empty", "1:detached", "0:empty", "1:detached"], model.States);
    }

    [Fact]
    public void A_batch_is_one_batch_to_the_hooks_and_its_loss_the_mean_of_its_windows()
    {
        using var model = new Recurrent();
        var ends = new List<(int Batch, double Loss)>();
        var watch = new LambdaCallback(onTrainBatchEnd: context => ends.Add((context.BatchIndex, context.Loss!.ToDouble())));

        var result = new Trainer(Windows with { Callbacks = [watch] }).Fit(model, Batches(count: 2, length: 8));

        Assert.Equal([0, 1], ends.Select(end => end.Batch));
        Assert.Equal(model.WindowLosses.Take(2).Average(), ends[0].Loss, 6);
        Assert.Equal((2, 2L, 4L), (result.Progress.BatchesSeen, result.Progress.StepBatches, result.Progress.GlobalStep));
    }

    [Fact]
    public void Schedulers_by_step_count_windows_and_a_limit_of_steps_ends_between_two()
    {
        using var model = new Recurrent { StepSize = 2 };

        var result = new Trainer(Windows with { MaxEpochs = -1, MaxSteps = 5 }).Fit(model, Batches(count: 3, length: 12));

        Assert.Equal(5, result.Progress.GlobalStep);
        Assert.Equal(0.1 * 0.5 * 0.5, model.Optimizers()[0].Optimizer.ParamGroups.First().LearningRate, 12); // after steps 2 and 4
    }

    [Fact]
    public void Without_the_option_the_whole_batch_is_one_window()
    {
        using var model = new Recurrent();

        var result = new Trainer(Quiet.Options).Fit(model, Batches(count: 2, length: 10));

        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.Equal(["0:empty", "0:empty"], model.States);
    }

    [Fact]
    public void Time_may_lie_in_another_dimension()
    {
        using var model = new TimeFirst();

        new Trainer(Windows).Fit(model, [(rand(10, 3, 2), rand(10, 3, 1))]);

        Assert.Equal([[4, 3, 2], [4, 3, 2], [2, 3, 2]], model.Shapes);
    }

    [Fact]
    public void A_batch_whose_tensors_disagree_about_time_is_refused_with_their_shapes()
    {
        using var model = new Recurrent();

        var error = Assert.Throws<DataException>(() => new Trainer(Windows).Fit(model, [(rand(3, 10, 2), rand(3))]));

        Assert.Contains("[3, 10, 2], [3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("SplitBatch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_a_step_for_windows_and_manual_optimization_are_refused_together()
    {
        using var model = new ManualModel();

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Windows).Fit(model, ToyData.Batches(8, 4)));

        Assert.Contains("ManualModel does not override TrainingStep(window, batchIndex, HiddenState hidden)", error.Message, StringComparison.Ordinal);
        Assert.Contains("ManualModel optimizes manually", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accumulation_and_a_negative_number_of_steps_are_refused_by_the_options()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Windows with { AccumulateGradBatches = 2 }));
        var negative = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { TruncatedBpttSteps = -1 }));

        Assert.Contains("TruncatedBpttSteps = 4: expected AccumulateGradBatches = 1 with it", error.Message, StringComparison.Ordinal);
        Assert.Contains("TruncatedBpttSteps = -1: expected a number of time steps, or 0", negative.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_was_not_set_says_so()
    {
        using var hidden = new HiddenState();

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => hidden[0]);

        Assert.Contains("hidden[0] was read in window 0, which got 0 tensor(s)", error.Message, StringComparison.Ordinal);
    }

    private static (List<double> Losses, int Steps) ByHand(Recurrent model, List<(Tensor X, Tensor Y)> batches, int epochs, int window)
    {
        var losses = new List<double>();
        var steps = 0;
        var optimizer = optim.SGD(model.parameters().ToArray(), 0.1);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var (x, y) in batches)
            {
                (Tensor H, Tensor C)? state = null;
                for (var start = 0; start < x.size(1); start += window)
                {
                    var length = Math.Min(window, x.size(1) - start);
                    var (loss, h, c) = model.Compute(x.narrow(1, start, length), y.narrow(1, start, length), state);
                    state = (h.detach(), c.detach());
                    foreach (var parameter in model.parameters()) parameter.grad = null;
                    loss.backward();
                    optimizer.step();
                    losses.Add(loss.ToDouble());
                    steps++;
                }
            }
        }

        return (losses, steps);
    }

    private static List<(Tensor X, Tensor Y)> Batches(int count, int length)
    {
        manual_seed(7);
        return [.. Enumerable.Range(0, count).Select(_ => (rand(3, length, 2), rand(3, length, 1)))];
    }

    private class Recurrent : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly LSTM lstm = Seeded(() => LSTM(2, 5, batchFirst: true));
        private readonly Linear head = Seeded(() => Linear(5, 1));

        public List<double> WindowLosses { get; } = [];

        public List<string> States { get; } = [];

        public int StepSize { get; init; }

        public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1);

        public (Tensor Loss, Tensor H, Tensor C) Compute(Tensor x, Tensor y, (Tensor, Tensor)? state)
        {
            var (output, h, c) = lstm.call(x, state);
            return (functional.mse_loss(head.call(output), y), h, c);
        }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) window, int batchIndex, HiddenState hidden)
        {
            States.Add($"{hidden.WindowIndex}:{(hidden.IsEmpty ? "empty" : hidden[0].requires_grad || hidden[1].requires_grad ? "attached" : "detached")}");
            var (loss, h, c) = Compute(window.X, window.Y, hidden.IsEmpty ? null : (hidden[0], hidden[1]));
            hidden.Set(h, c);
            WindowLosses.Add(loss.ToDouble());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 0.1);
            return StepSize == 0 ? optimizer : new OptimizerEntry(optimizer, new SchedulerSetup(new LightningSharp.Optimization.StepLR(optimizer, StepSize, 0.5)) { Interval = SchedulerInterval.Step });
        }
    }

    private static T Seeded<T>(Func<T> make)
    {
        manual_seed(3);
        return make();
    }

    private sealed class TimeFirst : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Linear layer = Linear(2, 1);

        public List<long[]> Shapes { get; } = [];

        protected override int TimeDimension => 0;

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) window, int batchIndex, HiddenState hidden)
        {
            Shapes.Add(window.X.shape);
            return functional.mse_loss(call(window.X), window.Y);
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed class ManualModel : TinyModel
    {
        public ManualModel() => AutomaticOptimization = false;
    }
}
