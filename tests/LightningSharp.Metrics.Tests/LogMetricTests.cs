using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Metrics.Classification;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Metrics.Tests;

/// <summary>Metric objects in a module, logged through the Trainer.</summary>
public sealed class LogMetricTests : IDisposable
{
    private static readonly IEqualityComparer<double> Near = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-5);

    private readonly string _folder = Directory.CreateTempSubdirectory("lightningsharp-").FullName;
    private readonly InMemoryLogger _memory = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_epochs_value_is_that_of_all_its_batches_and_the_next_epoch_starts_anew()
    {
        var model = new Classifier();

        new Trainer(Options with { MaxEpochs = 2 }).Fit(model, Right(4, 3, 0), Right(2, 1));

        Assert.Equal([7.0 / 12, 7.0 / 12], Values("train_acc_epoch"), Near);
        Assert.Equal([1, 0.75, 0, 1, 0.75, 0], Values("train_acc_step"), Near);
        Assert.Equal([3.0 / 8, 3.0 / 8], Values("val_acc"), Near);
        Assert.Equal(0, model.ValAccuracy.UpdateCount); // reset after its epoch
        Assert.Equal(0, model.TrainAccuracy.UpdateCount);
    }

    [Fact]
    public void A_sanity_check_leaves_nothing_in_the_first_epochs_value()
    {
        var model = new Classifier();

        new Trainer(Options with { NumSanityValSteps = 2 }).Fit(model, Right(4), Right(0, 4, 4));

        Assert.Equal([2.0 / 3], Values("val_acc"), Near);
    }

    [Fact]
    public void A_validation_in_mid_epoch_does_not_disturb_the_training_metric()
    {
        var model = new Classifier();

        new Trainer(Options with { ValCheckInterval = Every.Steps(1) }).Fit(model, Right(4, 0, 2), Right(1));

        Assert.Equal([0.5], Values("train_acc_epoch"), Near);
        Assert.Equal([0.25, 0.25, 0.25], Values("val_acc"), Near);
    }

    [Fact]
    public void Callbacks_read_the_step_value_in_mid_epoch_and_the_epoch_value_at_its_end()
    {
        var model = new Classifier();
        var reader = new Reader();

        new Trainer(Options with { Callbacks = [reader] }).Fit(model, Right(4, 0), Right(1));

        Assert.Equal([1, 0], reader.InBatch, Near);
        Assert.Equal([0.5], reader.AtEnd, Near);
    }

    [Fact]
    public void One_metric_over_several_loaders_gives_each_loader_its_own_value()
    {
        var model = new Classifier();

        var result = new Trainer(Options).Validate(model, new LoaderGroup<(Tensor X, Tensor Y)> { { "clean", Right(4, 4) }, { "noisy", Right(1, 0) } });

        Assert.Equal(1.0, result["val_acc/clean"], Near);
        Assert.Equal(1.0 / 8, result["val_acc/noisy"], Near);
    }

    [Fact]
    public void A_collection_is_logged_by_its_names_and_shares_its_statistics()
    {
        var model = new Collected();

        new Trainer(Options with { MaxEpochs = 2 }).Fit(model, Right(4, 3, 0), Right(2, 1));

        Assert.Equal([3.0 / 8, 3.0 / 8], Values("val_acc"), Near);
        Assert.Equal(2, Values("val_f1").Count);
        Assert.Single(model.Metrics.ComputeGroups);
        Assert.DoesNotContain(double.NaN, Values("val_f1"));
    }

    [Fact]
    public void The_values_of_a_forward_of_a_collection_are_logged_as_plain_tensors()
    {
        var model = new Collected { LogValues = true };

        new Trainer(Options).Fit(model, Right(4), Right(2, 1));

        Assert.Equal([3.0 / 8], Values("val_acc"), Near); // mean of the batches' values, all of one size
    }

    [Fact]
    public void A_metric_without_data_is_NaN_with_a_warning_and_is_not_computed()
    {
        var log = new Lines();
        var model = new Classifier { Updates = false };

        new Trainer(Options with { LoggerFactory = log }).Fit(model, Right(4), Right(2));

        Assert.True(double.IsNaN(Values("val_acc").Single()));
        Assert.Contains("'val_acc'", Assert.Single(log.Texts, text => text.Id == (int)MessageId.EmptyMetric).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_value_of_a_metric_that_was_only_updated_is_an_error_that_says_what_to_do()
    {
        var model = new Classifier { OnlyUpdate = true };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Options).Fit(model, Right(4)));

        Assert.Contains("onStep: false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_Validate_used_in_inference_mode_can_train_afterwards()
    {
        var model = new Classifier { UseOne = true };
        var trainer = new Trainer(Options);
        trainer.Validate(model, Right(1, 0));

        trainer.Fit(model, Right(4, 3));
        var again = trainer.Validate(model, Right(2));

        Assert.Equal([7.0 / 8], Values("train_acc_epoch"), Near);
        Assert.Equal(0.5, again["val_acc"], Near);
    }

    [Fact]
    public void A_confusion_matrix_is_too_many_numbers_for_Log_and_the_error_says_so()
    {
        var model = new Classifier { Matrix = true };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Options).Fit(model, Right(4), Right(2)));

        Assert.Contains("[2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void G19_a_metric_that_is_in_no_field_is_refused_by_name_with_the_remedy()
    {
        using var stray = new BinaryAccuracy();

        var inside = Assert.Throws<MisconfigurationException>(() => new Trainer(Options).Fit(new Logs(() => stray), Right(4), Right(2)));
        var fresh = Assert.Throws<MisconfigurationException>(() => new Trainer(Options).Validate(new Logs(() => new BinaryAccuracy()), Right(2)));

        Assert.Contains("Log(\"stray\", BinaryAccuracy): this metric object is in no field of Logs", inside.Message, StringComparison.Ordinal);
        Assert.Contains("Keep it in a field", fresh.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void G19_the_members_of_a_wrapper_and_metrics_of_layers_are_as_good_as_fields()
    {
        var model = new Nested();

        var result = new Trainer(Options).Validate(model, Right(3));

        Assert.Equal(0.75, result["inner"], Near);
        Assert.Equal(0.75, result["layer"], Near);
        Assert.Equal(0.75, result["late"], Near);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var model = new Collected();
        Run();
        var before = Leaks.Settled();

        Run();

        Assert.Equal(before, Leaks.Settled());

        void Run()
        {
            using var scope = NewDisposeScope();
            new Trainer(Options).Fit(model, Right(4, 3), Right(2, 1));
        }
    }

    private TrainerOptions Options => new()
    {
        Accelerator = Accelerator.Cpu, EnableProgressBar = false, EnableModelSummary = false, EnableCheckpointing = false, EnableReport = false, Loggers = [_memory],
        DefaultRootDir = _folder, LogEveryNSteps = 1, MaxEpochs = 1, NumSanityValSteps = 0,
    };

    private List<double> Values(string name) => [.. _memory.Series(name).Select(point => point.Value)];

    /// <summary>Batches of four probabilities with so many on the right side.</summary>
    private static List<(Tensor X, Tensor Y)> Right(params int[] counts)
        => [.. counts.Select(count => (tensor(Enumerable.Range(0, 4).Select(i => i < count == (i % 2 == 0) ? 0.9f : 0.1f).ToArray()), tensor(new long[] { 1, 0, 1, 0 })))];

    private class Classifier : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(4, 1);
        private readonly BinaryConfusionMatrix matrix = new();

        public BinaryAccuracy TrainAccuracy { get; } = new();

        public BinaryAccuracy ValAccuracy { get; } = new();

        public bool Updates { get; init; } = true;

        public bool OnlyUpdate { get; init; }

        public bool UseOne { get; init; }

        public bool Matrix { get; init; }

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (OnlyUpdate) TrainAccuracy.Update(batch.X, batch.Y);
            else (UseOne ? ValAccuracy : TrainAccuracy).call(batch.X, batch.Y);
            Log("train_acc", UseOne ? ValAccuracy : TrainAccuracy, onEpoch: OnlyUpdate ? null : true);
            return call(batch.X).mean();
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (Updates) ValAccuracy.Update(batch.X, batch.Y);
            Log("val_acc", ValAccuracy);
            if (!Matrix) return;
            matrix.Update(batch.X, batch.Y);
            Log("matrix", matrix);
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }

    private sealed class Collected : Classifier
    {
        public MetricCollection Metrics { get; } = new([new("acc", new BinaryAccuracy()), new("f1", new BinaryF1Score())], prefix: "val_");

        public bool LogValues { get; init; }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (LogValues)
            {
                LogDict(Metrics.Forward(batch.X, batch.Y));
                return;
            }

            Metrics.Update(batch.X, batch.Y);
            LogDict(Metrics);
        }
    }

    private sealed class Logs(Func<BinaryAccuracy> stray) : Classifier
    {
        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var metric = stray();
            metric.Update(batch.X, batch.Y);
            Log("stray", metric);
        }
    }

    private sealed class Measured : Module<Tensor, Tensor>
    {
        public Measured()
            : base(nameof(Measured)) => RegisterComponents();

        public BinaryAccuracy Accuracy { get; } = new();

        public override Tensor forward(Tensor x) => x;
    }

    private sealed class Nested : Classifier
    {
        private readonly MetricCollection collection = new() { { "inner", new BinaryAccuracy() } };
        private readonly Measured layer2 = new();
        private BinaryAccuracy? late;

        public override void ConfigureModel() => late ??= new();

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            collection.Update(batch.X, batch.Y);
            layer2.Accuracy.Update(batch.X, batch.Y);
            late!.Update(batch.X, batch.Y);
            Log("inner", collection["inner"]);
            Log("layer", layer2.Accuracy);
            Log("late", late);
        }
    }

    private sealed class Reader : Callback
    {
        public List<double> InBatch { get; } = [];

        public List<double> AtEnd { get; } = [];

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => InBatch.Add(context.Trainer.CallbackMetrics["train_acc"]);

        public override void OnTrainEpochEnd(HookContext context) => AtEnd.Add(context.Trainer.CallbackMetrics["train_acc"]);
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public List<(int Id, string Text)> Texts { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Texts.Add((eventId.Id, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
