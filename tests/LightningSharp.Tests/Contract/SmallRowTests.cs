using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>Small rows of the specification that have no file of their own.</summary>
public class SmallRowTests
{
    [Fact]
    public void D16_tensors_that_disagree_about_the_size_of_a_batch_are_warned_about_once()
    {
        var log = new ListLog();

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(new MeansOver(), [(ones(4, 4), ones(3, 2)), (ones(4, 4), ones(3, 2))]);

        var line = Assert.Single(log.Lines, line => line.Id == (int)MessageId.AmbiguousBatchSize);
        Assert.Contains("[4, 4], Float32 [3, 2]): 4,", line.Text, StringComparison.Ordinal);
        Assert.Contains("Pass batchSize", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void D16_batches_of_one_size_are_not()
    {
        var log = new ListLog();

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(new MeansOver(), [(ones(4, 4), ones(4, 2))]);

        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.AmbiguousBatchSize);
    }

    [Fact]
    public void T8_a_fast_dev_run_says_what_does_not_count()
    {
        var log = new ListLog();

        _ = new Trainer(Quiet.Options with { FastDevRun = 2, LoggerFactory = log });

        Assert.Contains("FastDevRun: 2 batch(es) of each stage", Assert.Single(log.Lines, line => line.Id == (int)MessageId.FastDevRun).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void G24_Log_in_the_barebones_mode_is_warned_about()
    {
        var log = new ListLog();

        new Trainer(Quiet.Options with { Barebones = true, LoggerFactory = log }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Contains("Barebones = true logs nothing", Assert.Single(log.Lines, line => line.Id == (int)MessageId.LogIgnored).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "OneCycleLR steps once per epoch")]
    [InlineData(false, "OneCycleLR: Monitor and Strict have no effect in manual optimization")]
    public void LS8_settings_of_schedulers_that_are_hardly_meant_are_warned_about(bool automatic, string text)
    {
        var log = new ListLog();

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(new Scheduled(automatic), ToyData.Batches(8, 4));

        Assert.Contains(text, Assert.Single(log.Lines, line => line.Id == (int)MessageId.SchedulerSetting).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E3_predictions_stream_from_a_data_module_and_from_the_module_itself()
    {
        using var model = new OwnData();
        var shapes = new List<long>();

        await foreach (var output in new Trainer(Quiet.Options).PredictStream(model, new Predictions(), cancellation: TestContext.Current.CancellationToken)) shapes.Add(output.size(0));
        await foreach (var output in new Trainer(Quiet.Options).PredictStream(model, cancellation: TestContext.Current.CancellationToken)) shapes.Add(output.size(0));

        Assert.Equal([3, 3, 1, 2, 2], shapes);
    }

    [Fact]
    public void HK17_a_module_that_wants_to_sets_the_flags_after_an_evaluation_itself()
    {
        using var own = new SetsModes();
        using var plain = new TinyModel();
        plain.Layer.eval();
        var trainer = new Trainer(Quiet.Options);

        foreach (var model in new TinyModel[] { own, plain })
        {
            trainer.Validate(model, ToyData.Batches(4, 4));
            trainer.Test(model, ToyData.Batches(4, 4));
            _ = trainer.Predict(model, ToyData.Batches(4, 4));
        }

        Assert.Equal([Stage.Validate, Stage.Test, Stage.Predict], own.Asked);
        Assert.False(own.training);
        Assert.Equal((true, false), (plain.training, plain.Layer.training));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T31_a_gradient_that_is_not_a_number_names_its_operation_when_anomalies_are_detected(bool detect)
    {
        using var model = new RootOfZero();
        var trainer = new Trainer(Quiet.Options with { DetectAnomaly = detect });

        var error = Record.Exception(() => trainer.Fit(model, ToyData.Batches(4, 4)));

        if (detect) Assert.Contains("MulBackward0", Assert.IsType<StepException>(error).Message, StringComparison.Ordinal);
        else Assert.Null(error);
        Assert.Null(Record.Exception(() => new Trainer(Quiet.Options).Fit(new RootOfZero(), ToyData.Batches(4, 4)))); // the switch is back where it was
    }

    [Fact]
    public void CA15_utilisation_is_what_was_computed_over_what_the_device_can_do()
    {
        using var folder = new TempFolder();
        var log = new InMemoryLogger();

        new Trainer(Quiet.Options with { Loggers = [log], LogEveryNSteps = 2, EnableReport = false, DefaultRootDir = folder.Path, Callbacks = [new ThroughputMonitor { FlopsPerBatch = 1000, PeakFlops = 1e6 }] })
            .Fit(new TinyModel(), ToyData.Batches(16, 4));

        var (flops, used) = (log.Series("train/device/flops_per_sec")[^1].Value, log.Series("train/device/mfu")[^1].Value);
        Assert.Equal(flops / 1e6, used, 9);
    }

    [Fact]
    public void CA15_a_test_logs_by_its_own_batches()
    {
        using var folder = new TempFolder();
        var log = new InMemoryLogger();

        new Trainer(Quiet.Options with { Loggers = [log], LogEveryNSteps = 2, DefaultRootDir = folder.Path, Callbacks = [new ThroughputMonitor()] }).Test(new TinyModel(), ToyData.Batches(20, 4));

        Assert.Equal([2.0, 4.0], log.Series("test/batches").Select(point => point.Value));
    }

    [Fact]
    public void LM26_null_takes_the_value_and_the_algorithm_of_the_Trainer()
    {
        using var model = new Clips();

        new Trainer(Quiet.Options with { GradientClipVal = 1e-3, GradientClipAlgorithm = GradientClipAlgorithm.Value, LimitTrainBatches = 1 }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(1e-3, model.Largest, 9);
    }

    private sealed class RootOfZero : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => (call(batch.X) * zeros(1)).sqrt().sum(); // 0, and its gradient is infinity times 0
    }

    private sealed class SetsModes : TinyModel
    {
        public List<Stage> Asked { get; } = [];

        public override void OnEvaluationModelTrain(Stage stage) => Asked.Add(stage); // leaves the module in eval mode
    }

    private sealed class MeansOver : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("x", 1.0, onEpoch: true);
            return call(batch.X).mean();
        }
    }

    private sealed class Scheduled : TinyModel
    {
        public Scheduled(bool automatic) => AutomaticOptimization = automatic;

        public override OptimizerSetup ConfigureOptimizers()
        {
            var optimizer = optim.SGD(parameters().ToArray(), 0.1, momentum: 0.9);
            return new OptimizerEntry(optimizer, new SchedulerSetup(new OneCycleLR(optimizer, 0.1, totalSteps: 5)) { Monitor = AutomaticOptimization ? null : "loss" });
        }
    }

    private sealed class OwnData : TinyModel
    {
        public override IEnumerable<(Tensor X, Tensor Y)> PredictDataLoader() => ToyData.Batches(4, 2);
    }

    private sealed class Predictions : DataModule<(Tensor X, Tensor Y)>
    {
        public override IEnumerable<(Tensor X, Tensor Y)> PredictDataLoader() => ToyData.Batches(7, 3);
    }

    private sealed class Clips : TinyModel
    {
        public double Largest { get; private set; }

        public override void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
        {
            ClipGradients(optimizer, null);
            Largest = optimizer.Parameters.Max(parameter => parameter.grad!.abs().max().ToDouble());
        }
    }
}
