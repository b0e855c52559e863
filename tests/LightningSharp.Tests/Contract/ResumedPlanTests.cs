using LightningSharp.Callbacks;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>Plans over several epochs or optimizers, interrupted in the middle: the resumed run ends with the same bits.</summary>
public class ResumedPlanTests
{
    [Theory]
    [InlineData(2)] // the first epoch has entered
    [InlineData(3)]
    public void Stochastic_weight_averaging_goes_on_in_the_middle_of_the_average(int epochs)
    {
        using var folder = new TempFolder();
        var batches = ToyData.Batches(12, 4);
        var (whole, swa) = (new TinyModel(), Swa());
        new Trainer(Quiet.Options with { MaxEpochs = 5, Callbacks = [swa] }).Fit(whole, batches);

        var first = new Trainer(Quiet.Options with { MaxEpochs = 5, Callbacks = [Swa(), new LambdaCallback(onTrainEpochEnd: context => Leave(context, epochs))] });
        first.Fit(new TinyModel(), batches);
        first.SaveCheckpoint(Path.Combine(folder.Path, "middle.ckpt"));
        var (resumed, again) = (new TinyModel(), Swa());
        new Trainer(Quiet.Options with { MaxEpochs = 5, Callbacks = [again] }).Fit(resumed, batches, resume: Resume.From(Path.Combine(folder.Path, "middle.ckpt")));

        Assert.Equal(4, swa.Averaged);
        Assert.Equal(swa.Averaged, again.Averaged);
        Assert.Equal(whole.Layer.weight!.data<float>().ToArray(), resumed.Layer.weight!.data<float>().ToArray());

        static StochasticWeightAveraging Swa() => StochasticWeightAveraging.StartingAt(2, [0.02], annealingEpochs: 2);
        static void Leave(HookContext context, int after)
        {
            if (context.Trainer.CurrentEpoch + 1 == after) context.Trainer.Stop("the middle");
        }
    }

    [Fact]
    public void W1_optimizers_that_take_turns_accumulate_and_clip_each_for_itself()
    {
        var batches = ToyData.Batches(32, 4);
        var (model, byHand) = (new Turns(1, 1), new Turns(1, 1));

        var result = new Trainer(Quiet.Options with { AccumulateGradBatches = 2, GradientClipVal = 0.05, GradientClipAlgorithm = GradientClipAlgorithm.Value, FusedOptimizers = false }).Fit(model, batches);
        TorchSharp.Modules.Parameter[] turns = [byHand.Layer.weight!, byHand.Layer.bias!];
        for (var window = 0; window < 4; window++)
        {
            var active = turns[window % 2];
            active.grad = null;
            for (var i = 0; i < 2; i++) (byHand.Of(batches[(window * 2) + i]) / 2).backward();
            active.grad!.clamp_(-0.05, 0.05);
            using var noGrad = no_grad();
            active.sub_(active.grad! * 0.1);
        }

        Assert.Equal(4, result.Progress.GlobalStep);
        Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], model.Indexes);
        Assert.Equal(byHand.Layer.weight!.data<float>().ToArray(), model.Layer.weight!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(byHand.Layer.bias!.data<float>().ToArray(), model.Layer.bias!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void W1_a_resumed_run_goes_on_with_the_optimizer_whose_turn_it_is()
    {
        using var folder = new TempFolder();
        var batches = ToyData.Batches(28, 4);
        var whole = new Turns(2, 1);
        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(whole, batches);

        var saver = new ModelCheckpoint { EveryNTrainSteps = 5, SaveTopK = -1, DirPath = folder.Path, Filename = "{step}" };
        new Trainer(Quiet.Options with { MaxEpochs = 2, EnableCheckpointing = true, Callbacks = [saver] }).Fit(new Turns(2, 1), batches);
        var resumed = new Turns(2, 1);
        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(resumed, batches, resume: Resume.From(Path.Combine(folder.Path, "step=5.ckpt")));

        Assert.Equal(whole.Indexes.Skip(5), resumed.Indexes);
        Assert.Equal(whole.Layer.weight!.data<float>().ToArray(), resumed.Layer.weight!.data<float>().ToArray());
        Assert.Equal(whole.Rates, resumed.Rates);
    }

    private sealed class Turns(int first, int second) : TinyModel
    {
        public List<int> Indexes { get; } = [];

        public IEnumerable<double> Rates => Optimizers().Select(optimizer => optimizer.Optimizer.ParamGroups.First().LearningRate);

        public Tensor Of((Tensor X, Tensor Y) batch) => Loss(batch);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex, int optimizerIndex)
        {
            Indexes.Add(optimizerIndex);
            return Loss(batch);
        }

        public override OptimizerSetup ConfigureOptimizers()
        {
            var (weight, bias) = (optim.SGD(new[] { Layer.weight! }, 0.1), optim.SGD(new[] { Layer.bias! }, 0.1));
            return OptimizerSetup.Alternate(Entry(weight, first), Entry(bias, second));

            static OptimizerEntry Entry(optim.Optimizer optimizer, int frequency)
                => new(optimizer, new SchedulerSetup(new StepLR(optimizer, 100, 0.5)) { Interval = SchedulerInterval.Step }) { Frequency = frequency };
        }
    }
}
