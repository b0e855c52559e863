using System.Text.Json;
using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class SmallCallbackTests
{
    [Fact]
    public void LambdaCallback_calls_the_delegates_of_its_hooks()
    {
        var got = new List<string>();
        var lambda = new LambdaCallback(
            setup: c => got.Add($"setup {c.Stage}"), onTrainStart: c => got.Add($"start {c.Trainer.CurrentEpoch}"),
            onTrainBatchEnd: c => got.Add($"batch {c.BatchIndex}"), onTrainEnd: c => got.Add($"end {c.Trainer.CurrentEpoch}"));

        Fit(new TinyModel(), lambda);

        Assert.Equal(["setup Fit", "start 0", "batch 0", "batch 1", "end 1"], got);
    }

    [Fact]
    public void TerminateOnNaN_ends_gracefully_and_names_the_batch()
    {
        var hooks = new List<string>();

        var result = Fit(new BreaksAt(1), new TerminateOnNaN(), new RecordingCallback(hooks));

        Assert.Equal(2, result.Progress.BatchesSeen);
        Assert.Contains("batch 1 in epoch 0 is NaN", result.StopMessage, StringComparison.Ordinal);
        Assert.Contains("callback OnFitEnd", hooks);
    }

    [Fact]
    public void TerminateOnNaN_throws_on_request()
        => Assert.Contains("batch 1", Assert.Throws<NotFiniteNumberException>(() => Fit(new BreaksAt(1), new TerminateOnNaN(raiseError: true))).Message, StringComparison.Ordinal);

    [Fact]
    public void TerminateOnNaN_refuses_an_interval_below_1()
        => Assert.Contains("everyNBatches = 0", Assert.Throws<ArgumentOutOfRangeException>(() => new TerminateOnNaN(everyNBatches: 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void RestoreBest_ends_with_the_weights_of_the_best_epoch()
    {
        var model = new ScriptedModel(3, 1, 2);
        var weights = new List<float[]>();
        var best = new RestoreBest("metric");

        new Trainer(Quiet.Options with { MaxEpochs = 3, NumSanityValSteps = 0, Callbacks = [best, new LambdaCallback(onTrainEpochEnd: _ => weights.Add(Weights(model)))] })
            .Fit(model, ToyData.Batches(4, 2), ToyData.Batches(4, 2));

        Assert.Equal((1, 1.0), (best.BestEpoch, best.BestScore));
        Assert.Equal(weights[1], Weights(model));
    }

    [Fact]
    public void ReduceLearningRateOnPlateau_lowers_after_so_many_epochs_and_keeps_a_floor()
    {
        var rates = new List<double>();
        var plateau = new ReduceLearningRateOnPlateau("metric") { Factor = 0.5, Patience = 2, MinLearningRate = 0.03 };
        var trainer = new Trainer(Quiet.Options with
        {
            MaxEpochs = 7, NumSanityValSteps = 0,
            Callbacks = [plateau, new LambdaCallback(onTrainEpochStart: c => rates.Add(c.Trainer.Optimizers[0].Optimizer.ParamGroups.First().LearningRate))],
        });

        trainer.Fit(new ScriptedModel(1, 1, 1, 1, 1, 1, 1), ToyData.Batches(4, 2), ToyData.Batches(4, 2));

        Assert.Equal([0.1, 0.1, 0.1, 0.05, 0.05, 0.03, 0.03], rates.Select(rate => Math.Round(rate, 6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceLearningRateOnPlateau("a") { Factor = 1 });
    }

    [Fact]
    public void StopFile_stops_and_removes_the_file()
    {
        using var folder = new Support.TempFolder();
        var path = Path.Combine(folder.Path, "stop");
        var touch = new LambdaCallback(onTrainBatchStart: c => File.WriteAllText(path, string.Empty));

        var result = Fit(new TinyModel(), touch, new StopFile(path, TimeSpan.Zero));

        Assert.Equal(1, result.Progress.BatchesSeen);
        Assert.Contains(path, result.StopMessage, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void HistoryFile_keeps_every_epoch_in_both_forms()
    {
        using var folder = new Support.TempFolder();
        var (csv, json) = (Path.Combine(folder.Path, "h.csv"), Path.Combine(folder.Path, "h.json"));

        new Trainer(Quiet.Options with { MaxEpochs = 2, NumSanityValSteps = 0, Callbacks = [new HistoryFile(csv), new HistoryFile(json)] })
            .Fit(new ScriptedModel(1, double.NaN), ToyData.Batches(4, 2), ToyData.Batches(4, 2));

        var lines = File.ReadAllText(csv).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("metric", lines[0], StringComparison.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(1, document.RootElement[0].GetProperty("metric").GetDouble());
        Assert.Equal(JsonValueKind.Null, document.RootElement[1].GetProperty("metric").ValueKind);
        Assert.Contains("h.txt", Assert.Throws<ArgumentException>(() => new HistoryFile("h.txt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GradientNormMonitor_logs_the_norm_of_all_gradients()
    {
        double expected = 0;
        var model = new TinyModel();
        var own = new LambdaCallback(onBeforeOptimizerStep: _ => expected = Math.Sqrt(model.parameters().Sum(parameter => parameter.grad!.pow(2).sum().ToDouble())));

        var result = new Trainer(Quiet.Options with { LogEveryNSteps = 1, Callbacks = [own, new GradientNormMonitor(perParameter: true)] }).Fit(model, ToyData.Batches(4, 2));

        Assert.Equal(expected, result.Metrics["grad_norm"], 1e-6); // single precision
        Assert.Contains("grad_norm/layer.bias", result.Metrics.Keys);
    }

    [Fact]
    public void DeviceStatsMonitor_writes_what_was_asked_for()
    {
        var logger = FitWithLogger(new DeviceStatsMonitor(filterKeys: ["process_memory_mb"]));

        Assert.NotEmpty(logger.Series("DeviceStatsMonitor.on_train_batch_start/process_memory_mb"));
        Assert.All(logger.Series("DeviceStatsMonitor.on_train_batch_end/process_memory_mb"), point => Assert.True(point.Value > 1));
        Assert.Contains("nonsense", Assert.Throws<ArgumentException>(() => new DeviceStatsMonitor(filterKeys: ["nonsense"])).Message, StringComparison.Ordinal);
        Assert.Contains("Loggers is empty", Assert.Throws<MisconfigurationException>(() => Fit(new TinyModel(), new DeviceStatsMonitor())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThroughputMonitor_counts_batches_and_samples()
    {
        var logger = FitWithLogger(new ThroughputMonitor(length: batch => batch.Size * 4));

        Assert.Equal([1.0, 2.0], logger.Series("train/batches").Select(point => point.Value));
        Assert.Equal([2.0, 4.0], logger.Series("train/samples").Select(point => point.Value));
        Assert.Equal([8.0, 16.0], logger.Series("train/lengths").Select(point => point.Value));
        Assert.True(logger.Series("train/device/samples_per_sec")[0].Value > 0);
    }

    [Fact]
    public void ThroughputMonitor_logs_utilisation_against_a_given_and_against_a_measured_peak()
    {
        var given = new ThroughputMonitor { FlopsPerBatch = 1000, PeakFlops = 1e9 };
        var measured = new ThroughputMonitor { FlopsPerBatch = 1000, MeasurePeak = true };

        var (byHand, byMeasure) = (FitWithLogger(given), FitWithLogger(measured));

        foreach (var (logger, monitor) in new[] { (byHand, given), (byMeasure, measured) })
            Assert.Equal(logger.Series("train/device/flops_per_sec")[^1].Value / monitor.Peak!.Value, logger.Series("train/device/mfu")[^1].Value, 1e-12); // a run has set it
        Assert.Equal(1e9, given.Peak);
        Assert.InRange(measured.Peak!.Value, 1e8, 1e15); // the slowest processor and the fastest accelerator of our days
    }

    [Fact]
    public void Measuring_the_peak_draws_no_random_numbers_and_follows_the_precision()
    {
        manual_seed(3);
        var before = rand(1).item<float>();
        manual_seed(3);

        var forwards = new CountsForwards();

        var peak = LightningSharp.Diagnostics.DevicePeak.Measure(CPU, forwards);

        Assert.Equal(before, rand(1).item<float>());
        Assert.True(peak > 0);
        Assert.Equal(1, forwards.Count); // the products ran inside of it
    }

    private sealed class CountsForwards : Precision
    {
        public int Count { get; private set; }

        public override string Name => "counts";

        public override IDisposable? Forward()
        {
            Count++;
            return null;
        }
    }

    [Theory]
    [InlineData(null, 1e12, false, "PeakFlops needs FlopsPerBatch")]
    [InlineData(null, null, true, "MeasurePeak needs FlopsPerBatch")]
    [InlineData(1.0, 1e12, true, "choose one")]
    [InlineData(-1.0, null, false, "FlopsPerBatch = -1")]
    [InlineData(1.0, 0.0, false, "PeakFlops = 0")]
    public void ThroughputMonitor_refuses_settings_that_make_no_sense_at_every_entry_point(double? flops, double? peak, bool measure, string expected)
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new ThroughputMonitor { FlopsPerBatch = flops, PeakFlops = peak, MeasurePeak = measure }] });

        Assert.Contains(expected, Assert.Throws<MisconfigurationException>(() => trainer.Fit(new TinyModel(), ToyData.Batches(4, 2))).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<MisconfigurationException>(() => trainer.Predict(new TinyModel(), ToyData.Batches(4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceStatsMonitor_writes_the_memory_of_a_CUDA_device()
    {
        var logger = FitWithLogger(new DeviceStatsMonitor(cpuStats: false) { Reading = () => (3L << 30, 8L << 30) });

        Assert.All(logger.Series("DeviceStatsMonitor.on_train_batch_start/cuda_memory_used_mb"), point => Assert.Equal(5 * 1024.0, point.Value));
        Assert.Equal(2, logger.Series("DeviceStatsMonitor.on_train_batch_end/cuda_memory_total_mb").Count);
        Assert.Empty(logger.Series("DeviceStatsMonitor.on_train_batch_start/cpu_percent"));
    }

    [Fact]
    public void WebhookNotifier_posts_the_end_and_survives_a_dead_service()
    {
        using var handler = new Recorder();
        using var client = new HttpClient(handler);

        var result = Fit(new TinyModel(), new WebhookNotifier(new Uri("http://localhost/hook"), client));

        Assert.Contains("training ended", handler.Body, StringComparison.Ordinal);
        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.Contains("'ftp'", Assert.Throws<ArgumentException>(() => new WebhookNotifier(new Uri("ftp://localhost"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictionWriter_gets_batches_and_the_whole_with_positions()
    {
        var writer = new Collects(WriteInterval.BatchAndEpoch);
        var trainer = new Trainer(Quiet.Options with { Callbacks = [writer] });

        trainer.Predict(new TinyModel(), ToyData.Batches(5, 2));

        Assert.Equal([[0, 1], [2, 3], [4]], writer.Batches);
        Assert.Equal([2, 2, 1], writer.Whole);
        Assert.Contains("writeInterval = 8", Assert.Throws<ArgumentOutOfRangeException>(() => new Collects((WriteInterval)8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictionWriter_names_the_items_of_the_data_set_also_when_the_loader_shuffles()
    {
        var writer = new Collects(WriteInterval.Batch);
        using var data = new LightningSharp.Data.TensorDataset(arange(5).to_type(ScalarType.Float32).unsqueeze(1).repeat(1, 4), zeros(5, ScalarType.Int64));
        var loader = new LightningSharp.Data.DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 2, shuffle: true, seed: 3);
        var seen = new List<long>();
        var values = new LambdaCallback(onPredictBatchEnd: c => seen.AddRange(c.Batch.As<(Tensor X, Tensor Y)>().X[TensorIndex.Colon, 0].data<float>().ToArray().Select(value => (long)value)));

        new Trainer(Quiet.Options with { Callbacks = [writer, values] }).Predict(new TinyModel(), loader);

        Assert.Equal(seen, writer.Batches.SelectMany(batch => batch));
        Assert.NotEqual([0, 1, 2, 3, 4], seen);
    }

    [Fact]
    public void OnExceptionCheckpoint_saves_on_failure_and_the_next_success_deletes_it()
    {
        using var folder = new Support.TempFolder();
        var rescue = new OnExceptionCheckpoint(folder.Path);
        var trainer = new Trainer(Quiet.Options with { Callbacks = [rescue, new LambdaCallback(onTrainBatchEnd: c => Fail(c.BatchIndex == 1 && c.Trainer.Progress.BatchesSeen == 2))] });

        Assert.Throws<InvalidTimeZoneException>(() => trainer.Fit(new TinyModel(), ToyData.Batches(4, 2)));
        var saved = File.Exists(rescue.CheckpointPath);
        new Trainer(Quiet.Options with { Callbacks = [rescue] }).Fit(new TinyModel(), ToyData.Batches(4, 2));

        Assert.True(saved);
        Assert.False(File.Exists(rescue.CheckpointPath));
        Assert.Contains("file name", Assert.Throws<ArgumentException>(() => new OnExceptionCheckpoint("a", "")).Message, StringComparison.Ordinal);
    }

    private static void Fail(bool now)
    {
        if (now) throw new InvalidTimeZoneException("boom");
    }

    private static float[] Weights(TinyModel model) => model.Layer.weight!.data<float>().ToArray();

    private static FitResult Fit(TinyModel model, params Callback[] callbacks) => new Trainer(Quiet.Options with { Callbacks = callbacks }).Fit(model, ToyData.Batches(4, 2));

    private static InMemoryLogger FitWithLogger(Callback callback)
    {
        using var folder = new Support.TempFolder();
        var logger = new InMemoryLogger();
        new Trainer(Quiet.Options with { LogEveryNSteps = 1, Loggers = [logger], Callbacks = [callback], DefaultRootDir = folder.Path }).Fit(new TinyModel(), ToyData.Batches(4, 2));
        return logger;
    }

    private sealed class BreaksAt(int batch) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) b, int batchIndex) => batchIndex == batch ? Loss(b) * float.NaN : Loss(b);
    }

    private sealed class Collects(WriteInterval interval) : PredictionWriter<Tensor>(interval)
    {
        public List<long[]> Batches { get; } = [];

        public List<long> Whole { get; } = [];

        protected override void WriteOnBatchEnd(Tensor prediction, IReadOnlyList<long> rows, LightningSharp.Data.BatchView batch, int batchIndex, int dataLoaderIndex) => Batches.Add([.. rows]);

        protected override void WriteOnEpochEnd(IReadOnlyList<(Tensor Prediction, IReadOnlyList<long> Rows, int DataLoaderIndex)> predictions)
            => Whole.AddRange(predictions.Select(entry => entry.Prediction.shape[0]));
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public string Body { get; private set; } = string.Empty;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException("the service is dead");
        }
    }
}
