using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Precisions;

/// <summary>16-mixed as a GPU runs it: float16 autocast and a loss scale, emulated on the CPU.</summary>
public class LossScaleTests
{
    private static TrainerOptions Options(double scale = 1024) => Quiet.Options with
    {
        Precision = new Float16MixedPrecision(device => new GradientScaler(device, scale), emulates: true),
        SilencedMessages = new HashSet<MessageId> { MessageId.NonFinite },
    };

    [Fact]
    public void The_loss_is_scaled_for_the_backward_pass_and_gradients_are_true_before_the_step()
    {
        var model = new Watches();
        var seen = new SeesGradients();

        new Trainer(Options() with { Callbacks = [seen] }).Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(ScalarType.Float16, model.OutputType);
        Assert.Equal(1024, seen.Loss / model.Losses[0], 1.0); // what backward was given, over what the step returned
        Assert.Equal(1024, seen.AfterBackward / seen.BeforeStep, 5.0);
    }

    [Fact]
    public void A_module_that_leaves_a_step_out_gets_true_gradients_in_the_next_one()
    {
        var skips = new SkipsFirst();

        new Trainer(Options()).Fit(skips, ToyData.Batches(8, 4));

        Assert.Equal(2, skips.Norms.Count);
        Assert.InRange(skips.Norms[1], 0, 10); // scaled ones are a thousand times as large
    }

    [Fact]
    public void Manual_clipping_limits_gradients_of_their_true_size()
    {
        var (plain, scaled) = (new ManualClips(), new ManualClips());

        new Trainer(Quiet.Options).Fit(plain, ToyData.Batches(12, 4));
        new Trainer(Options()).Fit(scaled, ToyData.Batches(12, 4));

        Assert.All(plain.Norms.Zip(scaled.Norms), pair => Assert.Equal(pair.First, pair.Second, 0.01));
    }

    [Fact]
    public void The_scale_of_the_training_outlives_a_validation_and_is_saved_after_the_run()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "after.ckpt");
        var trainer = new Trainer(Options());
        trainer.Fit(new Overflows(), ToyData.Batches(12, 4));

        trainer.Validate(new Overflows(), ToyData.Batches(4, 4));
        trainer.Fit(new Overflows { Calm = true }, ToyData.Batches(4, 4));
        trainer.SaveCheckpoint(path);

        using var file = CheckpointFile.Read(path);
        var state = (IReadOnlyDictionary<string, object?>)file[Checkpointer.PrecisionKey]!; // the precision has a scale
        Assert.Equal(512.0, Convert.ToDouble(state["scale"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void LBFGS_is_refused_with_a_remedy()
    {
        var exception = Assert.Throws<MisconfigurationException>(() => new Trainer(Options()).Fit(new WithLbfgs(), ToyData.Batches(4, 4)));

        Assert.Contains("LBFGS", exception.Message, StringComparison.Ordinal);
        Assert.Contains("BFloat16Mixed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Skipped_steps_are_counted_said_at_the_end_and_count_as_global_steps()
    {
        using var log = new ListLog();
        var trainer = new Trainer(Options() with { LoggerFactory = log, SilencedMessages = new HashSet<MessageId>() });

        trainer.Fit(new Overflows(), ToyData.Batches(12, 4));

        Assert.Equal((3, 1), (trainer.GlobalStep, trainer.SkippedSteps));
        Assert.Contains(log.Lines, line => line.Text.Contains("1 optimizer step(s) were left out", StringComparison.Ordinal));
    }

    private sealed class Watches : TinyModel
    {
        public ScalarType? OutputType { get; private set; }

        public override Tensor forward(Tensor x)
        {
            var output = base.forward(x);
            OutputType = output.dtype;
            return output;
        }
    }

    private sealed class SeesGradients : Callback
    {
        public double Loss { get; private set; }

        public double AfterBackward { get; private set; }

        public double BeforeStep { get; private set; }

        public override void OnBeforeBackward(BackwardContext context) => Loss = context.Loss.ToDouble();

        public override void OnAfterBackward(HookContext context) => AfterBackward = Norm(context.Module);

        public override void OnBeforeOptimizerStep(OptimizerContext context) => BeforeStep = Norm(context.Module);

        private static double Norm(ILightningModule module) => Math.Sqrt(module.Module.parameters().Sum(parameter => parameter.grad!.pow(2).sum().item<float>())); // after backward
    }

    private sealed class SkipsFirst : TinyModel
    {
        public List<double> Norms { get; } = [];

        public override void OnBeforeOptimizerStep(LightningOptimizer optimizer) => Norms.Add(Layer.weight!.grad!.abs().max().ToDouble()); // after backward

        public override void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
        {
            if (batchIndex > 0) base.OptimizerStep(epoch, batchIndex, optimizer);
        }
    }

    private sealed class ManualClips : TinyModel
    {
        public ManualClips() => AutomaticOptimization = false;

        public List<double> Norms { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var optimizer = Trainer.Optimizers[0];
            optimizer.ZeroGrad();
            ManualBackward(Loss(batch));
            ClipGradients(optimizer, 1e9);
            Norms.Add(Layer.weight!.grad!.norm().ToDouble()); // after backward
            ClipGradients(optimizer, 0.01);
            optimizer.Step();
            return null;
        }
    }

    private sealed class Overflows : TinyModel
    {
        public bool Calm { get; init; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            return batchIndex == 1 && !Calm ? loss * float.PositiveInfinity : loss;
        }
    }

    private sealed class WithLbfgs : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => optim.LBFGS(parameters(), 0.1);
    }
}
