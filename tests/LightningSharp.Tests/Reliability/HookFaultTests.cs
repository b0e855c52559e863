using System.Reflection;
using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>F20: an exception in each hook, one at a time. The first exception comes out as it is, everybody is told, and the Trainer, the model and the caller's modes are as before.</summary>
public class HookFaultTests
{
    [Fact]
    public void An_exception_in_any_hook_of_a_callback_comes_out_unchanged_and_the_Trainer_can_run_again()
    {
        var hooks = Overridable().Where(name => name != nameof(Callback.OnException)).Concat(["StateDict", "LoadStateDict"]).ToList();
        foreach (var hook in hooks)
        {
            var callback = new ThrowingCallback(hook);
            Inject(hook, new TinyModel(), callback, callback.Thrown, () => callback.Armed = false);
            Assert.Equal(1, callback.Count);
        }

        Scale.Injected("exception in a callback's hook", hooks.Count);
    }

    [Fact]
    public void An_exception_in_any_hook_of_the_module_comes_out_unchanged_and_the_Trainer_can_run_again()
    {
        foreach (var hook in ThrowingModel.Hooks)
        {
            var model = new ThrowingModel(hook);
            Inject(hook, model, null, model.Thrown, () => model.Armed = false);
        }

        Scale.Injected("exception in a module's hook", ThrowingModel.Hooks.Count);
    }

    [Fact]
    public void No_hook_of_a_callback_is_missing_in_this_test()
    {
        var tested = typeof(ThrowingCallback).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Select(method => method.Name);

        Assert.Empty(Overridable().Except(tested));
    }

    [Fact]
    public void An_exception_in_OnException_does_not_hide_the_first_one()
    {
        var first = new ThrowingCallback(nameof(Callback.OnTrainStart));
        var second = new ThrowingCallback(nameof(Callback.OnException));

        var error = Assert.Throws<AggregateException>(
            () => new Trainer(Quiet.Options with { Callbacks = [new Named("a", first), new Named("b", second)] }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Equal([first.Thrown, second.Thrown], error.InnerExceptions);
    }

    private static void Inject(string hook, TinyModel model, Callback? callback, Exception thrown, Action disarm)
    {
        using var folder = new TempFolder();
        var told = new Told();
        var checkpoint = new ModelCheckpoint { FailOnSaveError = true };
        var trainer = new Trainer(Quiet.Options with
        {
            EnableCheckpointing = true, DefaultRootDir = folder.Path, Callbacks = callback is null ? [told, checkpoint] : [told, callback, checkpoint],
        });
        var training = model.training;
        var threads = Threads();

        var error = Record.Exception(() => RunEverything(trainer, model));

        Assert.True(ReferenceEquals(thrown, error), $"{hook}: expected its own exception, received {error}");
        Assert.Equal([thrown], told.Exceptions);
        Assert.Equal((Stage.Idle, true, training), (trainer.Stage, is_grad_enabled(), model.training));
        disarm();
        RunEverything(trainer, model);
        SpinWait.SpinUntil(() => Threads() <= threads, 5_000); // the system takes a moment to bury an ended thread
        Assert.True(Threads() <= threads, $"{hook}: {Threads()} threads of ours, {threads} before");
    }

    private static void RunEverything(Trainer trainer, TinyModel model)
    {
        trainer.MaxEpochs = trainer.CurrentEpoch + 1;
        var result = trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        trainer.Test(model, ToyData.Batches(4, 4));
        foreach (var output in trainer.Predict(model, ToyData.Batches(4, 4))) output.Dispose();
        trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4), resume: result.BestCheckpoint!);
    }

    private static IEnumerable<string> Overridable()
        => typeof(Callback).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(method => method.IsVirtual && !method.IsSpecialName).Select(method => method.Name)
            .Except([nameof(Callback.OnReset)]); // between runs, see TrainerResetTests

    // Threads of ours: the pool's come and go.
    private static int Threads()
        => OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc/self/task").Count(task => Name(task).StartsWith("LightningSharp", StringComparison.Ordinal)) : 0;

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private sealed class Told : Callback
    {
        public List<Exception> Exceptions { get; } = [];

        public override void OnException(ExceptionContext context) => Exceptions.Add(context.Exception);
    }

    // Two stateful callbacks of one type need different keys.
    private sealed class Named(string key, ThrowingCallback inner) : Callback
    {
        public override string StateKey => key;

        public override void OnTrainStart(HookContext context) => inner.OnTrainStart(context);

        public override void OnException(ExceptionContext context) => inner.OnException(context);
    }
}
