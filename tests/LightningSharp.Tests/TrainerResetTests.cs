using System.Collections;
using System.Reflection;
using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

/// <summary>E13: one Trainer for several trainings that have nothing to do with each other.</summary>
public class TrainerResetTests
{
    [Fact]
    public void Without_a_reset_a_second_fit_goes_on_and_with_one_it_starts_over()
    {
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 2 });
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        trainer.MaxEpochs = 5;

        var onward = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        trainer.Reset();
        var before = (trainer.Progress, trainer.MaxEpochs, trainer.Module, trainer.RunDirectory);
        var anew = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal((5, 10), (onward.Progress.Epoch, onward.Progress.GlobalStep));
        Assert.Equal((default, 2, null, null), before);
        Assert.Equal((2, 4), (anew.Progress.Epoch, anew.Progress.GlobalStep));
    }

    [Fact]
    public void A_training_after_a_reset_is_that_of_a_new_Trainer_to_the_bit()
    {
        using var folder = new TempFolder();
        using var fresh = new TempFolder();
        var options = Everything(folder.Path);
        var trainer = new Trainer(options);
        trainer.Fit(new Slowing(), ToyData.Batches(24, 4, offset: 9), ToyData.Batches(8, 4)); // other data: leaves other scores behind

        trainer.Reset();
        var again = Run(trainer);
        var alone = Run(new Trainer(Everything(fresh.Path)));

        Assert.Equal(alone, again);
        Assert.EndsWith("version_1", trainer.RunDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_reset_a_Trainer_and_its_callbacks_are_as_new()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var (used, fresh) = (new Trainer(Everything(folder.Path)), new Trainer(Everything(other.Path)));
        used.Fit(new Slowing(), ToyData.Batches(24, 4), ToyData.Batches(8, 4));
        used.Test(new Slowing(), ToyData.Batches(8, 4));
        Assert.NotEmpty(Differences(fresh, used));

        used.Reset();

        Assert.Empty(Differences(fresh, used));
        Assert.Equal(fresh.Callbacks.Select(callback => callback.GetType()), used.Callbacks.Select(callback => callback.GetType()));
        Assert.Equal(fresh.Callbacks.Select(Described), used.Callbacks.Select(Described));
    }

    [Fact]
    public void A_callback_of_the_user_is_told()
    {
        var callback = new Counts();
        var trainer = new Trainer(Quiet.Options with { Callbacks = [callback] });
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));
        Assert.Equal(2, callback.Batches);

        trainer.Reset();

        Assert.Equal(0, callback.Batches);
    }

    [Fact]
    public void What_was_said_once_is_said_again()
    {
        var log = new ListLog();
        var trainer = new Trainer(Quiet.Options with { LoggerFactory = log });
        var skips = new SkipsAll();

        trainer.Fit(skips, ToyData.Batches(8, 4));
        trainer.Reset();
        trainer.Fit(skips, ToyData.Batches(8, 4));

        Assert.Equal(2, log.Lines.Count(line => line.Id == (int)MessageId.SkippedBatch));
    }

    [Fact]
    public void A_run_cannot_be_reset_from_inside()
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new LambdaCallback(onTrainStart: c => c.Trainer.Reset())] });

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(new TinyModel(), ToyData.Batches(4, 4)));
        trainer.Reset();

        Assert.Contains("Reset was called while the Trainer is running (Fit)", error.Message, StringComparison.Ordinal);
        Assert.Equal(Stage.Idle, trainer.Stage);
    }

    [Fact]
    public void Nothing_can_be_saved_after_a_reset_before_the_next_run()
    {
        using var folder = new TempFolder();
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

        trainer.Reset();

        Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(Path.Combine(folder.Path, "a.ckpt")));
    }

    private static string Run(Trainer trainer)
    {
        using var model = new Slowing();
        var result = trainer.Fit(model, ToyData.Batches(24, 4), ToyData.Batches(8, 4));
        var files = Directory.EnumerateFiles(Path.Combine(trainer.RunDirectory!, "checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        var metrics = result.Metrics.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {BitConverter.DoubleToInt64Bits(entry.Value):x}");
        return $"{result.Progress} {result.StopReason} {result.StopMessage}\n{string.Join('\n', metrics)}\n{string.Join('\n', files)}\n"
            + $"{string.Join(' ', model.parameters().SelectMany(parameter => parameter.data<float>().ToArray()).Select(value => BitConverter.SingleToInt32Bits(value).ToString("x", null)))}";
    }

    private static TrainerOptions Everything(string folder) => Quiet.Options with
    {
        MaxEpochs = 12, DefaultRootDir = folder, Loggers = [new InMemoryLogger()], EnableCheckpointing = true, EnableReport = false, Seed = 7, FinalizerGate = false,
        LoggerFactory = new ListLog(), LogInterval = Every.Batches(2),
        Callbacks =
        [
            new EarlyStopping("val_loss") { Patience = 2, MinDelta = 0.02 }, ModelCheckpoint.Best("val_loss", k: 2), new LightningSharp.Callbacks.Timer(TimeSpan.FromHours(1)), new RestoreBest("val_loss"),
            new EMAWeightAveraging(0.9), new ReduceLearningRateOnPlateau("val_loss") { Patience = 1, MinDelta = 0.05 }, new HistoryFile(Path.Combine(folder, "history.json")),
            new LearningRateMonitor(),
        ],
    };

    // Fields that hold plain values must be equal, others both be there or not; collections are as long.
    private static List<string> Differences(object fresh, object used)
    {
        var found = new List<string>();
        for (var type = fresh.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var (a, b) = (field.GetValue(fresh), field.GetValue(used));
                var same = a is null || b is null ? a is null && b is null
                    : a is string ? field.Name.Contains("path", StringComparison.OrdinalIgnoreCase) || a.Equals(b)
                    : a is ICollection first and not Array ? first.Count == ((ICollection)b).Count
                    : !a.GetType().IsValueType || a.Equals(b);
                if (!same) found.Add($"{type.Name}.{field.Name}: {a ?? "null"} and {b ?? "null"}");
            }
        }

        return found;
    }

    // What can be seen of a callback: its properties and its state.
    private static string Described(Callback callback)
    {
        var properties = callback.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0).Select(property => (property.Name, Value: property.GetValue(callback)));
        var state = (callback as IStateful)?.StateDict().Select(entry => (Name: entry.Key, entry.Value)) ?? [];
        return $"{callback.GetType().Name}: {string.Join(", ", properties.Concat(state).Select(entry => $"{entry.Name} {Text(entry.Value)}"))}";

        static string Text(object? value) => value switch
        {
            Tensor tensor => tensor.ToDouble().ToString("R", null),
            string text => text,
            ICollection collection => $"{collection.Count} entries",
            _ => value?.ToString() ?? "null",
        };
    }

    /// <summary>Learns less and less, so that patience runs out.</summary>
    private sealed class Slowing : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 0.3);
            return (optimizer, new ExponentialLR(optimizer, 0.7));
        }
    }

    private sealed class SkipsAll : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => null;
    }

    private sealed class Counts : Callback
    {
        public int Batches { get; private set; }

        public override void OnReset() => Batches = 0;

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => Batches++;
    }
}
