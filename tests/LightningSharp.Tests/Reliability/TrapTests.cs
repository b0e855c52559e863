using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Reliability;

/// <summary>The traps of TorchSharp and of hooks (5.2): each is detected and named, with the value and the way out.</summary>
public class TrapTests
{
    [Fact]
    public void BatchNorm_on_one_sample_is_refused_before_it_damages_the_statistics()
    {
        var model = new Scenario.Model();
        var loader = new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(rand(9, 4), rand(9, 2)), batchSize: 4);

        var error = Assert.Throws<DataException>(() => new Trainer(Quiet.Options).Fit(model, loader));

        Assert.Contains("BatchNorm1d 'net.1' received [1, 16]", error.Message, StringComparison.Ordinal);
        Assert.Contains("dropLast: true", error.Message, StringComparison.Ordinal);
        Assert.All(model.state_dict().Values, tensor => Assert.True(tensor.isfinite().all().item<bool>()));
    }

    [Fact]
    public void BatchNorm_on_one_sample_is_fine_in_evaluation_and_after_the_run()
    {
        var model = new Scenario.Model();
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(1, 1));

        model.train();
        using var outside = model.call(rand(1, 4)); // the user's own business

        Assert.Equal(2, trainer.GlobalStep);
    }

    [Theory]
    [InlineData("no_grad", "TrainingStep", "off")]
    [InlineData("no_grad", "OnTrainBatchStart", "off")]
    [InlineData("no_grad", "OnTrainBatchEnd", "off")]
    [InlineData("enable_grad", "ValidationStep", "on")]
    public void A_grad_mode_left_open_is_named_with_its_hook(string mode, string hook, string state)
    {
        var model = new LeavesModeOpen(mode, hook);

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4)));

        Assert.Contains($"Gradients are switched {state} after", error.Message, StringComparison.Ordinal);
        Assert.Contains("using var _", error.Message, StringComparison.Ordinal);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void An_async_void_hook_is_refused()
        => AssertRefused(new AsyncHook(), "OnTrainStart is async", "synchronous");

    [Fact]
    public void A_step_that_hides_the_hook_instead_of_overriding_it_is_refused()
        => AssertRefused(new HidesStep(), "ValidationStep hides LightningModule.ValidationStep", "override");

    [Fact]
    public void A_hook_of_a_callback_that_hides_is_refused()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Callbacks = [new HidesHook()] }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Contains("OnTrainStart hides Callback.OnTrainStart", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logging_from_another_thread_is_refused_with_both_threads()
    {
        var model = new LogsElsewhere();

        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        Assert.Contains("Log(\"elsewhere\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("from thread", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_in_two_trainers_at_once_is_refused()
    {
        Exception? second = null;
        var model = new TinyModel();
        var meets = new AtStart(() => second = RunOnOtherThread(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4))));

        new Trainer(Quiet.Options with { Callbacks = [meets] }).Fit(model, ToyData.Batches(4, 4));

        Assert.Contains("in use by another Trainer", Assert.IsType<InvalidOperationException>(second).Message, StringComparison.Ordinal);
        new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)); // free again
    }

    [Fact]
    public void The_same_callback_in_two_trainers_at_once_is_refused()
    {
        Exception? second = null;
        AtStart? shared = null;
        shared = new AtStart(() => second ??= RunOnOtherThread(() => new Trainer(Quiet.Options with { Callbacks = [shared!] }).Fit(new TinyModel(), ToyData.Batches(4, 4))));

        new Trainer(Quiet.Options with { Callbacks = [shared] }).Fit(new TinyModel(), ToyData.Batches(4, 4));

        Assert.Contains("This AtStart object is in use", Assert.IsType<InvalidOperationException>(second).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leak_is_reported_with_the_hook_that_made_it()
    {
        var messages = new RecordedMessages();
        using var model = new KeepsLosses();

        new Trainer(Quiet.Options with { LeakCheck = true, LoggerFactory = messages }).Fit(model, ToyData.Batches(4 * 200, 4));

        Assert.Contains(messages.Texts, text => text.Contains("Tensors leak", StringComparison.Ordinal) && text.Contains("made in TrainingStep", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_without_leaks_reports_none()
    {
        var messages = new RecordedMessages();

        new Trainer(Quiet.Options with { LeakCheck = true, LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(4 * 200, 4), ToyData.Batches(8, 4));

        Assert.DoesNotContain(messages.Texts, text => text.Contains("leak", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NonFiniteAction.Warn, 4, 1)]
    [InlineData(NonFiniteAction.Ignore, 4, 0)]
    [InlineData(NonFiniteAction.Skip, 2, 1)]
    [InlineData(NonFiniteAction.Stop, 2, 1)]
    public void A_loss_that_is_not_finite_is_treated_as_the_option_says(NonFiniteAction action, long steps, int warnings)
    {
        var messages = new RecordedMessages();
        var model = new TurnsNaN();

        var result = new Trainer(Quiet.Options with { OnNonFinite = action, LoggerFactory = messages }).Fit(model, ToyData.Batches(16, 4));

        Assert.Equal(steps, result.Progress.GlobalStep);
        Assert.Equal(warnings, messages.Texts.Count(text => text.Contains("The loss is NaN in epoch 0, batch 2", StringComparison.Ordinal)));
        Assert.Equal(action is NonFiniteAction.Skip or NonFiniteAction.Stop, model.Layer.weight!.isfinite().all().item<bool>());
        if (action == NonFiniteAction.Stop) Assert.Equal((StopReason.NonFinite, 1), (result.StopReason, result.ExitCode));
    }

    [Theory]
    [InlineData("step")]
    [InlineData("callback")]
    public void A_refused_allocation_is_a_typed_exception_and_the_next_fit_works(string where)
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = where == "callback" ? [new AtStart(Allocate)] : [] });

        var error = Assert.Throws<TrainingOutOfMemoryException>(() => trainer.Fit(new Allocates(where == "step"), ToyData.Batches(8, 4)));
        var again = new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Contains("not enough memory", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller batch size", error.Message, StringComparison.Ordinal);
        if (where == "step") Assert.Contains("Float32 [4, 4]", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, again.Progress.GlobalStep);
    }

    [Theory]
    [InlineData(Stage.Fit)]
    [InlineData(Stage.Validate)]
    public void A_native_abort_says_where_keeps_the_modes_and_leaves_the_Trainer_usable(Stage stage)
    {
        Assert.SkipUnless(Native_IsWanted, "The native guard is off here.");
        var model = new Aborts(stage) { Armed = true };
        var trainer = new Trainer(Quiet.Options with { NumSanityValSteps = 0 });

        var fault = Assert.Throws<NativeFaultException>(() => trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4)));
        model.Armed = false;
        var again = trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        Assert.Contains(stage == Stage.Fit ? "Aborts.TrainingStep (stage Fit, epoch 0, batch 1)" : "Aborts.ValidationStep (stage Validate", fault.Where, StringComparison.Ordinal);
        Assert.True(model.training && is_grad_enabled());
        Assert.True(again.Progress.GlobalStep >= 2);
    }

    private static bool Native_IsWanted => LightningSharp.Native.NativeGuard.IsWanted;

    private static void Allocate() => zeros(1L << 38).Dispose();

    private static Exception? RunOnOtherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        return thrown;
    }

    private static void AssertRefused(TinyModel model, params string[] texts)
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private sealed class LeavesModeOpen(string mode, string hook) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = base.TrainingStep(batch, batchIndex);
            At(nameof(TrainingStep));
            return loss;
        }

        public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex)
        {
            At(nameof(OnTrainBatchStart));
            return BatchFlow.Continue;
        }

        public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex) => At(nameof(OnTrainBatchEnd));

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => At(nameof(ValidationStep));

        private void At(string place)
        {
            if (place == hook) _ = mode == "no_grad" ? no_grad() : enable_grad();
        }
    }

    private sealed class AsyncHook : TinyModel
    {
        public override async void OnTrainStart() => await Task.Yield();
    }

    private sealed class HidesStep : TinyModel
    {
        public new void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("x", 1.0);
    }

    private sealed class HidesHook : Callback
    {
        public new void OnTrainStart(HookContext context) => GC.KeepAlive(this);
    }

    private sealed class LogsElsewhere : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (RunOnOtherThread(() => Log("elsewhere", 1.0)) is { } thrown) throw thrown;
            return Loss(batch);
        }
    }

    private sealed class AtStart(Action action) : Callback
    {
        public override void OnTrainStart(HookContext context) => action();
    }

    private sealed class KeepsLosses : TinyModel
    {
        private readonly List<Tensor> _kept = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            _kept.Add(loss.alias().DetachFromDisposeScope());
            return loss;
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var tensor in _kept) tensor.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class TurnsNaN : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => batchIndex < 2 ? Loss(batch) : Loss(batch) * float.NaN;
    }

    private sealed class Allocates(bool inStep) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (inStep) Allocate();
            return Loss(batch);
        }
    }

    private sealed class Aborts(Stage stage) : TinyModel
    {
        public bool Armed { get; set; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Armed && stage == Stage.Fit && batchIndex == 1) _ = ones(2, 3).matmul(ones(4, 5));
            return Loss(batch);
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Armed && stage == Stage.Validate) _ = ones(2, 3).matmul(ones(4, 5));
        }
    }
}
