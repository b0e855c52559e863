using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>The rows "modules" and "log calls" of 5.2: steps, optimizers and logs that cannot work.</summary>
public class BadModuleTests
{
    public static TheoryData<string> Names => [.. Rows.Keys];

    private static Dictionary<string, (Func<object?> Call, string[] Texts)> Rows { get; } = new()
    {
        ["B061 loss on another device"] = (() => Fit(new Steps((_, loss) => loss.to(new Device(DeviceType.META)))), ["Backward", "meta"]),
        ["B064 calls backward itself"] = (() => Fit(new Steps((_, loss) =>
        {
            loss.backward();
            return loss;
        })), ["Backward", "second time"]),
        ["B066 null"] = (() => Fit(new Optimizes(_ => null!)), ["ConfigureOptimizers returned null", "OptimizerSetup.None"]),
        ["B066 no parameters"] = (() => Fit(new Optimizes(_ => optim.SGD(Array.Empty<TorchSharp.Modules.Parameter>(), 0.1))), ["no parameters", "parameters()"]),
        ["B066 another model's parameters"] = (() => Fit(new Optimizes(_ => optim.SGD(new TinyModel().parameters().ToArray(), 0.1))), ["optimizer 0 (SGD)", "none of", "Optimizes"]),
        ["B068 scheduler with an unknown monitor"] = (() => Fit(new Optimizes(model =>
        {
            var sgd = optim.SGD(model.parameters().ToArray(), 0.1);
            return (sgd, new SchedulerSetup(new LightningSharp.Optimization.ReduceLROnPlateau(sgd)) { Monitor = "los" });
        })), ["ReduceLROnPlateau monitors 'los'", "Did you mean 'loss'?"]),
        ["B070 NaN"] = (() => Fit(new TinyModel { LearningRate = double.NaN }), ["learning rate", "NaN"]),
        ["B070 negative"] = (() => Fit(new TinyModel { LearningRate = -1 }), ["learning rate", "-1"]),
        ["B074 disposed in a callback"] = (() => Fit(new TinyModel(), new At(context => context.Module.Module.Dispose())), ["disposed"]),
        ["B076 manual with clipping"] = (() => Fit(new Manual(), null, Quiet.Options with { GradientClipVal = 1 }), ["GradientClipVal = 1", "ClipGradients"]),
        ["B078 step calls Fit"] = (() => Fit(new Steps((model, loss) =>
        {
            model.Trainer.Fit(new TinyModel(), ToyData.Batches(4, 4));
            return loss;
        })), ["is running", "Use another Trainer"]),
        ["B079 null name"] = (() => Fit(new Steps((model, loss) => Log(model, null!, loss))), ["name"]),
        ["B083 outside of a step"] = (() => Fit(new LogsAtFitStart()), ["OnFitStart"]),
        ["B086 EarlyStopping"] = (() => Fit(new TinyModel(), new EarlyStopping("val_los")), ["'val_los'", "Did you mean 'val_loss'?"]),
        ["B086 RestoreBest"] = (() => Fit(new TinyModel(), new RestoreBest("valloss")), ["'valloss'", "Did you mean 'val_loss'?"]),
        ["B086 plateau callback"] = (() => Fit(new TinyModel(), new ReduceLearningRateOnPlateau("val_lss")), ["'val_lss'", "Did you mean 'val_loss'?"]),
        ["shadowed property"] = (() => Fit(new ShadowsProperty(), null, Quiet.Options with { Precision = Precision.Float64 }), ["2 properties called 'Value'", "Rename"]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_module_that_cannot_work_is_named_with_the_reason_and_the_remedy(string row) => BadInput.Refused(Rows[row].Call, Rows[row].Texts);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void B060_a_loss_that_is_not_finite_is_named_with_its_value(float value)
    {
        var messages = new RecordedMessages();

        Fit(new Steps((_, loss) => loss * value), null, Quiet.Options with { LoggerFactory = messages });

        Assert.Contains(messages.Texts, text => text.Contains($"The loss is {(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity")} in epoch 0, batch 0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NonFiniteAction.Warn, 4, 1)]
    [InlineData(NonFiniteAction.Ignore, 4, 0)]
    [InlineData(NonFiniteAction.Skip, 3, 1)]
    [InlineData(NonFiniteAction.Stop, 2, 1)]
    public void Gradients_that_are_not_finite_are_looked_at_on_request(NonFiniteAction action, long steps, int warnings)
    {
        var messages = new RecordedMessages();
        var model = new RootAtZero();

        var result = Fit(model, null, Quiet.Options with { CheckGradients = true, OnNonFinite = action, LoggerFactory = messages });

        Assert.Equal(steps, result.Progress.GlobalStep);
        Assert.Equal(warnings, messages.Texts.Count(text => text.Contains("gradients of 'layer.weight', 'layer.bias' are NaN or infinite in epoch 0, batch 2", StringComparison.Ordinal)));
        Assert.Equal(action is NonFiniteAction.Skip or NonFiniteAction.Stop, model.Layer.weight!.isfinite().all().item<bool>());
        if (action == NonFiniteAction.Stop) Assert.Equal(StopReason.NonFinite, result.StopReason);
    }

    [Fact]
    public void Gradients_are_not_looked_at_without_the_option()
    {
        var model = new RootAtZero();

        Fit(model, null, Quiet.Options with { OnNonFinite = NonFiniteAction.Stop });

        Assert.False(model.Layer.weight!.isfinite().all().item<bool>()); // the loss before the damage was finite
    }

    [Fact]
    public void B063_a_graph_that_grows_is_reported_within_200_steps()
    {
        var messages = new RecordedMessages();
        using var model = new KeepsGraph();

        new Trainer(Quiet.Options with { LeakCheck = true, LoggerFactory = messages }).Fit(model, ToyData.Batches(4 * 200, 4));

        Assert.Contains(messages.Texts, text => text.Contains("leak", StringComparison.Ordinal));
    }

    [Fact]
    public void B071_a_layer_replaced_in_mid_fit_is_not_trained_silently()
    {
        var messages = new RecordedMessages();
        var model = new Replaces();

        var error = Record.Exception(() => new Trainer(Quiet.Options with { MaxEpochs = 3, LoggerFactory = messages }).Fit(model, ToyData.Batches(16, 4)));

        var said = string.Join('\n', messages.Texts.Append(error?.ToString() ?? string.Empty));
        Assert.True(said.Contains("layer2", StringComparison.Ordinal) && said.Contains("optimizer", StringComparison.Ordinal), said);
    }

    [Fact]
    public void B073_a_forward_that_throws_only_in_eval_mode_is_found_before_training()
    {
        var model = new ThrowsInEval();

        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Quiet.Options with { NumSanityValSteps = 1 }).Fit(model, ToyData.Batches(8, 4), ToyData.Batches(8, 4)));

        Assert.Equal("only in eval", error.Message);
        Assert.Equal(0, model.TrainingSteps);
        Assert.True(model.training);
    }

    [Fact]
    public void B079_a_name_of_ten_thousand_letters_reaches_the_loggers_and_harms_nothing()
    {
        using var folder = new TempFolder();
        var memory = new InMemoryLogger();
        var name = new string('x', 10_000);

        Fit(new Steps((model, loss) => Log(model, name, loss)), null, Quiet.Options with { Loggers = [memory, new CsvLogger()], DefaultRootDir = folder.Path, LogEveryNSteps = 1 });

        Assert.Contains(memory.Rows, row => row.Values.Keys.Any(key => key.StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void B089_a_hundred_thousand_keys_are_bounded_or_said_once()
    {
        var messages = new RecordedMessages();
        var keys = 0;

        var error = Record.Exception(() => Fit(new Steps((model, loss) =>
        {
            for (var i = 0; i < 25_000; i++) model.Log($"key {keys++}", 1.0, onStep: true);
            return loss;
        }), null, Quiet.Options with { LoggerFactory = messages }));

        var said = string.Join('\n', messages.Texts.Append(error?.Message ?? string.Empty));
        Assert.True(said.Contains("different names", StringComparison.Ordinal), said[..Math.Min(said.Length, 2000)]);
    }

    [Fact]
    public void B135_a_list_of_callbacks_that_changes_inside_a_callback_changes_nothing_for_this_run()
    {
        var list = new List<Callback>();
        var late = new Counts();
        list.Add(new At(_ => list.Add(late)));

        Fit(new TinyModel(), null, Quiet.Options with { Callbacks = list });

        Assert.Equal(0, late.Count);
    }

    [Fact]
    public void Weights_that_two_layers_share_stay_shared_when_the_model_is_converted()
    {
        var model = new Tied();

        Fit(model, null, Quiet.Options with { Precision = Precision.Float64 });

        Assert.Same(model.First.weight, model.Second.weight);
        Assert.Equal(ScalarType.Float64, model.Second.weight!.dtype);
        Assert.Equal(["First.weight", "Second.weight"], model.state_dict().Keys.Where(key => key.EndsWith("ond.weight", StringComparison.Ordinal) || key.EndsWith("rst.weight", StringComparison.Ordinal)));
        Assert.Equal(1, model.parameters().Count(parameter => ReferenceEquals(parameter, model.First.weight)));
    }

    [Fact]
    public void Weights_that_two_layers_share_stay_shared_when_a_checkpoint_is_loaded()
    {
        using var folder = new TempFolder();
        var options = Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder.Path };
        var before = new Tied();
        var result = Fit(before, null, options);
        var model = new Tied();

        Fit(model, null, options with { MaxEpochs = 2 }, result.BestCheckpoint!);

        Assert.Same(model.First.weight, model.Second.weight);
        Assert.True(before.First.weight!.isfinite().all().item<bool>());
        Assert.False(model.First.weight!.Equals(before.First.weight));
    }

    [Fact]
    public void An_inference_mode_left_open_is_named()
        => BadInput.Refused(() => Fit(new Steps((_, loss) =>
        {
            inference_mode(); // and nobody closes it
            return loss;
        })), "Gradients are switched off after", "inference_mode");

    private static FitResult Fit(TinyModel model, Callback? callback = null, TrainerOptions? options = null, Resume? resume = null)
        => new Trainer((options ?? Quiet.Options) with { NumSanityValSteps = 0, Callbacks = callback is null ? options?.Callbacks ?? [] : [callback] })
            .Fit(model, ToyData.Batches(16, 4), ToyData.Batches(4, 4), resume);

    private static Tensor Log(TinyModel model, string name, Tensor loss)
    {
        model.Log(name, loss, onStep: true);
        return loss;
    }

    private sealed class Steps(Func<TinyModel, Tensor, Tensor?> step) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => step(this, base.TrainingStep(batch, batchIndex)!); // the tiny model returns a loss
    }

    private sealed class Optimizes(Func<TinyModel, OptimizerSetup> configure) : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => configure(this);
    }

    private sealed class Manual : TinyModel
    {
        public Manual() => AutomaticOptimization = false;
    }

    private sealed class LogsAtFitStart : TinyModel
    {
        public override void OnFitStart() => Log("x", 1.0);
    }

    private sealed class At(Action<HookContext> action) : Callback
    {
        public override void OnTrainStart(HookContext context) => action(context);
    }

    private sealed class Counts : Callback
    {
        public int Count { get; private set; }

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => Count++;
    }

    // sqrt'(0) is infinite while sqrt(0) is not.
    private sealed class RootAtZero : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => batchIndex == 2 ? (call(batch.X) * 0).abs().sqrt().mean() : Loss(batch);
    }

    private sealed class KeepsGraph : TinyModel
    {
        private Tensor? _sum;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            _sum = (_sum is null ? loss : _sum + loss).DetachFromDisposeScope();
            return loss;
        }
    }

    private sealed class Replaces : TinyModel
    {
        private TorchSharp.Modules.Linear layer2 = nn.Linear(4, 2);

        public override Tensor forward(Tensor x) => base.forward(x) + layer2.call(x);

        public override void OnTrainEpochStart()
        {
            if (CurrentEpoch == 1) layer2 = nn.Linear(4, 2);
        }
    }

    private sealed class ThrowsInEval : TinyModel
    {
        public int TrainingSteps { get; private set; }

        public override Tensor forward(Tensor x) => training ? base.forward(x) : throw new InvalidOperationException("only in eval");

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            TrainingSteps++;
            return base.TrainingStep(batch, batchIndex);
        }
    }

    private sealed class Tied : TinyModel
    {
        public Tied() => Second.weight = First.weight;

        public TorchSharp.Modules.Linear First { get; } = nn.Linear(4, 4);

        public TorchSharp.Modules.Linear Second { get; } = nn.Linear(4, 4);

        public override Tensor forward(Tensor x) => base.forward(Second.call(First.call(x)));
    }

    private class HasProperty : TinyModel
    {
        public object? Value { get; set; }
    }

    private sealed class ShadowsProperty : HasProperty
    {
        public new Tensor? Value { get; set; }
    }
}
