using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public class MetricStoreTests
{
    [Fact]
    public void Each_reduction_is_over_the_batches_of_one_epoch()
    {
        var model = new Logs(m =>
        {
            foreach (var reduction in Enum.GetValues<Reduction>()) m.Log($"{reduction}", m.Trainer.BatchIndex + (10.0 * m.CurrentEpoch), onStep: false, onEpoch: true, reduction: reduction);
        });

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(model, ToyData.Batches(10, 4)); // 4, 4, 2 rows: 10, 11, 12

        Assert.Equal((10 * 4 + 11 * 4 + 12 * 2) / 10.0, result.Metrics["Mean"], 12);
        Assert.Equal((33.0, 10.0, 12.0), (result.Metrics["Sum"], result.Metrics["Min"], result.Metrics["Max"]));
    }

    [Fact]
    public void A_batch_size_that_is_given_is_the_weight()
    {
        var model = new Logs(m => m.Log("x", m.Trainer.BatchIndex, onStep: false, onEpoch: true, batchSize: m.Trainer.BatchIndex == 0 ? 3 : 1));

        Assert.Equal(0.25, new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4)).Metrics["x"]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(Quiet.Options).Fit(new Logs(m => m.Log("x", 1.0, onEpoch: true, batchSize: 0)), ToyData.Batches(8, 4)));
        Assert.Contains("batchSize: 0): expected at least 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_without_tensors_needs_no_size_unless_a_mean_is_asked_for()
    {
        using var model = new OverNumbers();
        var options = Quiet.Options;

        var result = new Trainer(options).Fit(model, [1, 3]);
        model.Mean = true;
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(model, [1, 3]));

        Assert.Equal(4, result.Metrics["sum"]);
        Assert.Contains("cannot tell the batch size for its epoch mean: the batch (Int32) holds no tensor. Pass batchSize.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Callbacks_see_the_step_value_in_the_epoch_and_the_epoch_value_at_its_end()
    {
        var seen = new List<string>();
        var model = new Logs(m => m.Log("x", m.Trainer.BatchIndex, onStep: true, onEpoch: true));
        var callback = new LambdaCallback(onTrainBatchEnd: c => seen.Add(Text(c.Trainer)), onTrainEpochEnd: c => seen.Add(Text(c.Trainer)));

        new Trainer(Quiet.Options with { Callbacks = [callback] }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(["x=0 x_step=0", "x=1 x_step=1", "x=0.5 x_epoch=0.5 x_step=1"], seen);
    }

    [Fact]
    public void The_loggers_view_has_what_is_current_and_for_loggers()
    {
        var seen = new List<string>();
        var model = new Logs(m =>
        {
            m.Log("step", 1.0);
            m.Log("mean", 2.0, onStep: false, onEpoch: true);
            m.Log("hidden", 3.0, logger: false, onEpoch: true);
        });
        var callback = new LambdaCallback(onTrainBatchEnd: c => seen.Add(string.Join(' ', c.Trainer.LoggedMetrics.Keys.Order())), onTrainEpochEnd: c => seen.Add(string.Join(' ', c.Trainer.LoggedMetrics.Keys.Order())));

        new Trainer(Quiet.Options with { Callbacks = [callback] }).Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(["step", "mean step"], seen);
    }

    [Fact]
    public void Only_what_is_for_the_progress_line_is_in_it()
    {
        var trainer = new Trainer(Quiet.Options);
        IReadOnlyDictionary<string, double>? atEnd = null;
        var model = new Logs(m =>
        {
            m.Log("shown", 1.0, progressBar: true, onStep: true, onEpoch: true);
            m.Log("not", 1.0);
        }, atEpochEnd: m => atEnd = m.Trainer.ProgressBarMetrics.ToDictionary());

        trainer.Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(["shown_epoch", "shown_step"], trainer.ProgressBarMetrics.Keys.Order());
        Assert.Contains("shown_step", atEnd!.Keys);
    }

    [Fact]
    public void A_validation_in_mid_epoch_leaves_the_running_values_of_training_alone()
    {
        var model = new Logs(m => m.Log("x", m.Trainer.BatchIndex, onStep: false, onEpoch: true), inValidation: m => m.Log("x", 100.0));

        var result = new Trainer(Quiet.Options with { ValCheckInterval = Every.Batches(1), NumSanityValSteps = 0 }).Fit(model, ToyData.Batches(16, 4), ToyData.Batches(4, 4));

        Assert.Equal(1.5, result.Metrics["x"]); // the mean over 0, 1, 2, 3
    }

    [Fact]
    public void What_a_hook_logged_in_the_epoch_before_does_not_count_in_the_next()
    {
        var model = new Logs(m =>
        {
            if (m.CurrentEpoch == 0) m.Log("early", 1.0, onStep: false, onEpoch: true);
            m.Log("x", m.CurrentEpoch, onStep: false, onEpoch: true);
        });
        var memory = new InMemoryLogger();
        using var folder = new Support.TempFolder();

        new Trainer(Quiet.Options with { MaxEpochs = 2, Loggers = [memory], EnableReport = false, DefaultRootDir = folder.Path }).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal([0.0, 1.0], memory.Series("x").Select(point => point.Value));
        Assert.Single(memory.Series("early"));
    }

    [Fact]
    public void Names_that_never_end_are_left_out_after_ten_thousand()
    {
        using var log = new ListLog();
        var trainer = new Trainer(Quiet.Options with { LoggerFactory = log });
        var model = new Logs(m =>
        {
            for (var i = 0; i < 10_001; i++) m.Log($"n{i}", i);
        });

        trainer.Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(9_999, trainer.CallbackMetrics["n9999"]);
        Assert.DoesNotContain("n10000", trainer.CallbackMetrics.Keys);
        Assert.Contains("from TrainingStep", Assert.Single(log.Lines, line => line.Id == (int)MessageId.TooManyMetrics).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_name_is_refused(string name)
        => Assert.Contains("Log needs a name", Assert.Throws<ArgumentException>(() => new Trainer(Quiet.Options).Fit(new Logs(m => m.Log(name, 1.0)), ToyData.Batches(4, 4))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_end_of_an_epoch_has_no_step_values()
    {
        var noStep = new Logs(_ => { }, atEpochEnd: m => m.Log("x", 1.0, onStep: true));
        var neither = new Logs(m => m.Log("x", 1.0, onStep: false, onEpoch: false));
        var onlyEpoch = new Logs(_ => { }, atEpochEnd: m => m.Log("x", 1.0, onEpoch: true));

        Assert.Contains("onStep: true) is not possible in OnTrainEpochEnd", Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(noStep, ToyData.Batches(4, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("neither onStep nor onEpoch", Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(neither, ToyData.Batches(4, 4))).Message, StringComparison.Ordinal);
        Assert.Equal(["x"], new Trainer(Quiet.Options).Fit(onlyEpoch, ToyData.Batches(4, 4)).Metrics.Keys);
    }

    [Fact]
    public void A_view_names_what_there_is_when_a_key_is_not()
    {
        var view = new MetricView();
        var nothing = Assert.Throws<KeyNotFoundException>(() => view["x"]).Message;
        view.SetNumber("a", 1);
        view.SetNumbers(new Dictionary<string, object?> { ["b"] = 2L });
        view.SetNumbers(null);

        Assert.Contains("Available: none.", nothing, StringComparison.Ordinal);
        Assert.Contains("Available: a, b.", Assert.Throws<KeyNotFoundException>(() => view["x"]).Message, StringComparison.Ordinal);
        Assert.Equal((true, 2.0, false, 0.0), (view.TryGetValue("b", out var b), b, view.TryGetValue("x", out var x), x));
        Assert.Equal((2, true, false), (view.Count, view.ContainsKey("a"), view.ContainsKey("x")));
        view.Clear();
        Assert.Empty(view.Snapshot());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Values_on_an_accelerator_are_read_when_somebody_asks(bool deferred)
    {
        using var store = new MetricStore(new Trainer(Quiet.Options) { Hook = HookId.TrainingStep }) { DeferReads = deferred };
        using var value = tensor(2f);
        using var more = tensor(4f);
        store.BeginTraining();
        store.BeginBatch(new LightningSharp.Data.BatchView<Tensor> { Batch = value }, first: true);

        store.Log("x", value, new(false, true, true, Reduction.Sum, null, true, true));
        store.Log("x", more, new(false, true, true, Reduction.Sum, null, true, true));
        var step = store.TakeStepValues();
        store.EpochEndReached();

        Assert.Equal(4, step["x_step"]);
        Assert.Equal(6, store.TakeEpochValues()["x_epoch"]);
        Assert.Equal(6, store.Callback["x"]);
    }

    [Fact]
    public void A_logged_tensor_may_change_afterwards()
    {
        using var store = new MetricStore(new Trainer(Quiet.Options) { Hook = HookId.TrainingStep }) { DeferReads = true };
        using var value = tensor(2f);
        store.BeginTraining();
        store.BeginBatch(new LightningSharp.Data.BatchView<Tensor> { Batch = value }, first: true);

        store.Log("x", value, new(false, true, true, Reduction.Max, null, true, true));
        value.zero_();

        Assert.Equal(2, store.TakeStepValues()["x_step"]);
    }

    [Fact]
    public void Step_values_are_those_of_the_batch_in_work()
    {
        using var store = new MetricStore(new Trainer(Quiet.Options) { Hook = HookId.TrainingStep });
        using var batch = zeros(1);
        var view = new LightningSharp.Data.BatchView<Tensor> { Batch = batch };
        store.BeginTraining();
        store.BeginBatch(view, first: true);
        store.Log("x", 1.0, new(false, true, false, Reduction.Mean, null, true, true));
        store.Log("y", 1.0, new(false, true, false, Reduction.Mean, null, Logger: false, true));
        var first = (store.HasStepValues, string.Join(' ', store.TakeStepValues().Keys), store.Batch is not null);

        store.EndBatch();
        var between = store.Batch;
        store.BeginBatch(view, first: false);

        Assert.Equal((true, "x", true), first);
        Assert.Null(between);
        Assert.False(store.HasStepValues);
        Assert.Empty(store.TakeStepValues());
    }

    private static string Text(Trainer trainer) => string.Join(' ', trainer.CallbackMetrics.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => FormattableString.Invariant($"{entry.Key}={entry.Value}")));

    private sealed class Logs(Action<Logs> inStep, Action<Logs>? atEpochEnd = null, Action<Logs>? inValidation = null) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            inStep(this);
            return Loss(batch);
        }

        public override void OnTrainEpochEnd() => atEpochEnd?.Invoke(this);

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => inValidation?.Invoke(this);
    }

    private sealed class OverNumbers : LightningModule<int>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(1, 1);

        public bool Mean { get; set; }

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor? TrainingStep(int batch, int batchIndex)
        {
            Log("sum", batch, onStep: false, onEpoch: true, reduction: Mean ? Reduction.Mean : Reduction.Sum);
            return call(ones(1, 1)).sum();
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }
}
