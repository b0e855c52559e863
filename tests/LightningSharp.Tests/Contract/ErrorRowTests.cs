using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Profiling;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Contract;

/// <summary>
/// The rows of the specification that ask for an error (sections 2.1 to 2.3, 2.6, 2.8 to 2.10), by their names: the type, and what the text must hold: what happened, what was expected, the
/// values. Errors that need more than a line to bring about have tests beside their files.
/// </summary>
public class ErrorRowTests
{
    public static TheoryData<string> Rows => [.. All.Keys];

    private static readonly TrainerOptions Q = Quiet.Options;

    private static Dictionary<string, (Type Type, Action Act, string[] Texts)> All { get; } = new()
    {
        // modules
        ["LM3 Trainer, unattached"] = Row<InvalidOperationException>(() => _ = new TinyModel().Trainer, "TinyModel is not attached to a Trainer", "call Fit"),
        ["LM20 ManualBackward in automatic mode"] = Row<MisconfigurationException>(() => Run(new Does(model => model.Back())), "ManualBackward was called by Does", "AutomaticOptimization = false"),
        ["LM25 Step in automatic mode"] = Row<MisconfigurationException>(() => Run(new Does(model => model.Optimizers()[0].Step())), "Step was called by Does", "AutomaticOptimization = false"),
        ["LM26 another value than the Trainer's"] = Row<MisconfigurationException>(
            () => Run(new Does(model => model.ClipGradients(model.Optimizers()[0], 0.5)), Q with { GradientClipVal = 1.5 }), "called with 0.5 (Norm)", "GradientClipVal = 1.5"),
        ["LM26 another algorithm than the Trainer's"] = Row<MisconfigurationException>(
            () => Run(new Does(model => model.ClipGradients(model.Optimizers()[0], null, GradientClipAlgorithm.Value)), Q with { GradientClipVal = 1.5 }), "called with 1.5 (Value)", "(Norm)"),
        ["LM26 unknown algorithm"] = Row<ArgumentOutOfRangeException>(
            () => Run(new Does(model => model.ClipGradients(model.Optimizers()[0], 1, (GradientClipAlgorithm)7))), "algorithm 7", "Norm or Value"),
        ["LS1 loss of several elements"] = Row<MisconfigurationException>(() => Run(new Returns(batch => batch.X.detach().requires_grad_())), "shape [4, 4]", "one element", "loss.mean()"),
        ["LS1 detached loss"] = Row<MisconfigurationException>(() => Run(new Returns(batch => batch.X.mean())), "no gradient flows", "return null"),
        ["LS6 null"] = Row<MisconfigurationException>(() => Run(new Configures(_ => null!)), "Configures.ConfigureOptimizers returned null", "OptimizerSetup.None"),
        ["LS7 interval"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => Scheduled(sgd, new StepLR(sgd, 1), (SchedulerInterval)5))), "StepLR has Interval = 5", "SchedulerInterval.Epoch or SchedulerInterval.Step"),
        ["LS7 frequency"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => new OptimizerEntry(sgd, new SchedulerSetup(new StepLR(sgd, 1)) { Frequency = 0 }))), "StepLR has Frequency = 0", "at least 1"),
        ["LS8 plateau without monitor"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => new OptimizerEntry(sgd, new SchedulerSetup(new ReduceLROnPlateau(sgd))))), "ReduceLROnPlateau reads a metric", "Monitor = \"val_loss\""),
        ["LS8 optimizer not returned"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => new OptimizerEntry(sgd, new SchedulerSetup(new StepLR(Other(), 1))))), "StepLR schedules an optimizer that was not returned"),
        ["LS9 frequency of an optimizer"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => OptimizerSetup.Alternate(sgd, new OptimizerEntry(Other()) { Frequency = 0 }))), "optimizer 1 has Frequency = 0"),
        ["O9 monitored value missing"] = Row<MisconfigurationException>(
            () => Run(new Configures(sgd => new OptimizerEntry(sgd, new SchedulerSetup(new ReduceLROnPlateau(sgd)) { Monitor = "val_los" }))), "monitors 'val_los'", "Available: loss", "Strict = false"),

        // options
        ["T1 absent accelerator"] = Row<MisconfigurationException>(() => New(Q with { Accelerator = Accelerator.Tpu }), "Tpu is not supported", "Available: cpu"),
        ["T2 none"] = Row<MisconfigurationException>(() => New(Q with { Devices = 0 }), "Devices = 0 on accelerator cpu", "expected 1 to"),
        ["T2 empty"] = Row<MisconfigurationException>(() => New(Q with { Devices = Devices.Indices() }), "is empty"),
        ["T2 twice"] = Row<MisconfigurationException>(() => New(Q with { Devices = Devices.Indices(0, 0) }), "[0, 0]"),
        ["T2 absent"] = Row<MisconfigurationException>(() => New(Q with { Devices = Devices.Indices(99) }), "[99]"),
        ["T8 negative"] = Row<MisconfigurationException>(() => New(Q with { FastDevRun = -1 }), "FastDevRun = -1", "true, false or a number"),
        ["T9"] = Row<MisconfigurationException>(() => New(Q with { MaxEpochs = -2 }), "MaxEpochs = -2", "or -1 for no limit"),
        ["T9 setter"] = Row<ArgumentOutOfRangeException>(() => New(Q).MaxEpochs = -2, "MaxEpochs", "-1"),
        ["T10"] = Row<MisconfigurationException>(() => New(Q with { MinEpochs = -1 }), "MinEpochs = -1"),
        ["T10 above the maximum"] = Row<MisconfigurationException>(() => New(Q with { MinEpochs = 3, MaxEpochs = 2 }), "MinEpochs = 3: expected at most MaxEpochs = 2"),
        ["T11"] = Row<MisconfigurationException>(() => New(Q with { MaxSteps = -2 }), "MaxSteps = -2"),
        ["T12 above the maximum"] = Row<MisconfigurationException>(() => New(Q with { MinSteps = 30, MaxSteps = 20 }), "MinSteps = 30: expected at most MaxSteps = 20"),
        ["T14 above 1"] = Row<MisconfigurationException>(() => New(Q with { LimitValBatches = 1.5 }), "LimitValBatches = 1.5", "0 to 1"),
        ["T14 less than a batch"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { LimitTrainBatches = 0.1 }), "LimitTrainBatches = 0.1 of 3 batches", "at least 0.333334"),
        ["T14 fraction of an unknown length"] = Row<MisconfigurationException>(
            () => New(Q with { LimitTrainBatches = 0.5 }).Fit(new TinyModel(), Stream()), "LimitTrainBatches = 0.5", "length is unknown", "Limit.Batches(n)"),
        ["T16 more than an epoch"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { ValCheckInterval = 9 }, true), "ValCheckInterval = 9 batches", "only 3", "CheckValEveryNEpoch = null"),
        ["T16 fraction of an unknown length"] = Row<MisconfigurationException>(
            () => New(Q with { ValCheckInterval = 0.5 }).Fit(new TinyModel(), Stream(), ToyData.Batches(4, 4)), "ValCheckInterval = every 0.5 of an epoch", "length is known"),
        ["T17"] = Row<MisconfigurationException>(() => New(Q with { CheckValEveryNEpoch = 0 }), "CheckValEveryNEpoch = 0", "1 or more"),
        ["T17 null with a fraction"] = Row<MisconfigurationException>(() => New(Q with { CheckValEveryNEpoch = null }), "CheckValEveryNEpoch = null", "Every.Batches(1000)"),
        ["T17 twice in epochs"] = Row<MisconfigurationException>(() => New(Q with { CheckValEveryNEpoch = 3, ValCheckInterval = Every.Epochs(2) }), "CheckValEveryNEpoch = 3: expected 1 with ValCheckInterval = every 2 epochs"),
        ["T18"] = Row<MisconfigurationException>(() => New(Q with { NumSanityValSteps = -2 }), "NumSanityValSteps = -2", "-1 (all)"),
        ["T19"] = Row<MisconfigurationException>(() => New(Q with { LogEveryNSteps = -1 }), "LogEveryNSteps = -1"),
        ["T20"] = Row<MisconfigurationException>(() => New(Q with { Callbacks = [new ModelCheckpoint()] }), "EnableCheckpointing = false", "ModelCheckpoint"),
        ["T21"] = Row<MisconfigurationException>(() => New(Q with { Callbacks = [new ProgressBar()] }), "EnableProgressBar = false", "ProgressBar"),
        ["T21 two"] = Row<MisconfigurationException>(() => New(Q with { EnableProgressBar = true, Callbacks = [new ProgressBar(), new ProgressBar()] }), "2 ProgressBars"),
        ["T22"] = Row<MisconfigurationException>(() => New(Q with { Callbacks = [new ModelSummary()] }), "EnableModelSummary = false", "ModelSummary"),
        ["T24"] = Row<MisconfigurationException>(() => New(Q with { GradientClipVal = -1 }), "GradientClipVal = -1", "positive"),
        ["T24 manual"] = Row<MisconfigurationException>(() => Run(new Manual(), Q with { GradientClipVal = 1 }), "GradientClipVal = 1 does not work with manual optimization", "ClipGradients"),
        ["T25"] = Row<MisconfigurationException>(() => New(Q with { GradientClipAlgorithm = (GradientClipAlgorithm)3 }), "GradientClipAlgorithm = 3", "Norm or Value"),
        ["T32 each thing that it switches off"] = Row<MisconfigurationException>(
            () => New(Q with { Barebones = true, EnableCheckpointing = true, Callbacks = [new ModelCheckpoint()], Loggers = [new InMemoryLogger()], Profiler = new SimpleProfiler(), DetectAnomaly = true, FastDevRun = true, LogEveryNSteps = 5 }),
            "have 6 problems", "no Loggers", "no FastDevRun", "no DetectAnomaly", "no Profiler", "no ModelCheckpoint", "no LogEveryNSteps"),
        ["T35"] = Row<MisconfigurationException>(() => New(Q with { ReloadDataloadersEveryNEpochs = -1 }), "ReloadDataloadersEveryNEpochs = -1"),
        ["all problems at once"] = Row<MisconfigurationException>(() => New(Q with { MaxEpochs = -2, AccumulateGradBatches = 0, Seed = -5 }), "have 3 problems", "MaxEpochs", "AccumulateGradBatches", "Seed"),

        // entry points
        ["TP19"] = Row<InvalidOperationException>(() => New(Q).SaveCheckpoint("x.ckpt"), "SaveCheckpoint needs a module", "call Fit"),
        ["E2 no module"] = Row<MisconfigurationException>(() => New(Q).Test(ToyData.Batches(4, 4)), "Test was called without a module", "Pass the module"),
        ["E7 nothing saved"] = Row<MisconfigurationException>(() => New(Q).Test(new TinyModel(), ToyData.Batches(4, 4), Resume.Best), "Resume.Best", "Fit first"),
        ["E14 no training step"] = Row<MisconfigurationException>(() => New(Q).Fit(new Empty(), ToyData.Batches(4, 4)), "Empty does not override TrainingStep, which Fit needs"),
        ["E14 no training data"] = Row<MisconfigurationException>(() => New(Q).Fit(new TinyModel()), "no training data"),
        ["E14 no validation step"] = Row<MisconfigurationException>(() => New(Q).Validate(new Empty(), ToyData.Batches(4, 4)), "Empty does not override ValidationStep"),
        ["E14 no test data"] = Row<MisconfigurationException>(() => New(Q).Test(new TinyModel()), "Test has no data"),
        ["E14 manual with accumulation"] = Row<MisconfigurationException>(() => Run(new Manual(), Q with { AccumulateGradBatches = 2 }), "AccumulateGradBatches = 2 does not work with manual optimization"),

        // callbacks
        ["CB4"] = Row<MisconfigurationException>(() => New(Q with { Callbacks = [new EarlyStopping("a"), new EarlyStopping("a")] }), "2 callbacks of type EarlyStopping", "StateKey"),
        ["MC2 everything at once"] = Row<MisconfigurationException>(
            () => Run(new TinyModel(), Q with { EnableCheckpointing = true, Callbacks = [new ModelCheckpoint { SaveTopK = -2, EveryNEpochs = 2, EveryNTrainSteps = 3, Mode = (MonitorMode)8 }] }),
            "SaveTopK = -2", "Mode = 8", "exclude each other"),
        ["MC2 several files without a monitor"] = Row<MisconfigurationException>(
            () => Run(new TinyModel(), Q with { EnableCheckpointing = true, Callbacks = [new ModelCheckpoint { SaveTopK = 3 }] }), "SaveTopK = 3 without Monitor"),
        ["ES5"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { Callbacks = [new EarlyStopping("val_los")] }), "EarlyStopping watches 'val_los'", "Logged so far: loss", "Strict = false"),
        ["ES1 mode"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { Callbacks = [new EarlyStopping("loss") { Mode = (MonitorMode)8 }] }), "Mode = 8", "Min, Max or Auto"),
        ["CA1"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { Callbacks = [new LearningRateMonitor()] }), "LearningRateMonitor writes to loggers", "Loggers is empty"),
        ["CA2"] = Row<FormatException>(() => _ = new LightningSharp.Callbacks.Timer("8 hours"), "'8 hours'", "DD:HH:MM:SS"),
        ["CA3 empty"] = Row<ArgumentException>(() => _ = new GradientAccumulationScheduler([]), "empty schedule"),
        ["CA3 epoch"] = Row<ArgumentException>(() => _ = new GradientAccumulationScheduler(new() { [-1] = 2 }), "the epoch -1", "0 or more"),
        ["CA3 factor"] = Row<ArgumentException>(() => _ = new GradientAccumulationScheduler(new() { [2] = 0 }), "the factor 0 for epoch 2", "1 or more"),
        ["CA3 units"] = Row<ArgumentException>(() => _ = GradientAccumulationScheduler.By((1.Epochs(), 2), (9.Steps(), 4)), "1ep, 9st", "all in epochs, or all in optimizer steps"),
        ["CA3 option"] = Row<MisconfigurationException>(
            () => Run(new TinyModel(), Q with { AccumulateGradBatches = 2, Callbacks = [new GradientAccumulationScheduler(new() { [0] = 2 })] }), "AccumulateGradBatches = 2 contradicts"),
        ["CA3 manual"] = Row<MisconfigurationException>(() => Run(new Manual(), Q with { Callbacks = [new GradientAccumulationScheduler(new() { [0] = 2 })] }), "Manual, which optimizes manually"),
        ["CA4"] = Row<ArgumentOutOfRangeException>(() => _ = new ModelSummary(-2), "maxDepth = -2"),
        ["CA10 fraction"] = Row<ArgumentOutOfRangeException>(() => _ = new StochasticWeightAveraging(0.1, 1.5), "startFraction = 1.5"),
        ["CA10 no end"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { MaxEpochs = -1, MaxSteps = 2, Callbacks = [new StochasticWeightAveraging(0.1)] }), "MaxEpochs is needed"),
        ["CA14"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { Callbacks = [new DeviceStatsMonitor()] }), "DeviceStatsMonitor writes to loggers"),
        ["CA15"] = Row<MisconfigurationException>(() => Run(new TinyModel(), Q with { Callbacks = [new ThroughputMonitor { PeakFlops = -1 }] }), "PeakFlops = -1", "needs FlopsPerBatch"),
        ["CA18"] = Row<ArgumentException>(() => _ = new OnExceptionCheckpoint("folder", ""), "needs a file name"),

        // logging
        ["G2 several elements"] = Row<ArgumentException>(() => Run(new Does(model => model.Log("x", ones(2)))), "shape [2]", "value.mean()"),
        ["G3 step value in an epoch hook"] = Row<MisconfigurationException>(() => Run(new LogsIn("OnTrainEpochEnd", onStep: true)), "onStep: true) is not possible in OnTrainEpochEnd"),
        ["G5"] = Row<MisconfigurationException>(() => Run(new Does(model => model.Log("x", 1.0, onStep: false, onEpoch: false))), "neither onStep nor onEpoch"),
        ["G7"] = Row<MisconfigurationException>(() => New(Q).Validate(new Suffixed(), new LoaderGroup<(Tensor X, Tensor Y)> { { "a", ToyData.Batches(4, 4) }, { "b", ToyData.Batches(4, 4) } }), "contains '/dataloader_idx_'"),
        ["G9"] = Row<ArgumentOutOfRangeException>(() => Run(new Does(model => model.Log("x", 1.0, onEpoch: true, batchSize: 0))), "batchSize: 0", "at least 1"),
        ["G11"] = Row<MisconfigurationException>(
            () => Run(new Does(model =>
            {
                model.Log("x", 1.0);
                model.Log("x", 1.0, progressBar: true);
            })), "'x' was logged twice from TrainingStep with different options"),
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_error_has_its_type_and_says_what_was_expected(string row)
    {
        var (type, act, texts) = All[row];

        var error = Record.Exception(act);

        Assert.NotNull(error);
        Assert.IsType(type, error);
        Assert.All(texts, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OnFitStart")]
    [InlineData("OnFitEnd")]
    [InlineData("OnTrainEnd")]
    [InlineData("Setup")]
    [InlineData("Teardown")]
    [InlineData("PrepareData")]
    [InlineData("ConfigureModel")]
    [InlineData("ConfigureOptimizers")]
    [InlineData("OnBeforeBatchTransfer")]
    [InlineData("OnValidationEnd")]
    [InlineData("LRSchedulerStep")]
    public void Logging_where_it_is_forbidden_names_the_place_and_the_alternative(string place)
    {
        var error = Assert.Throws<MisconfigurationException>(() => Run(new LogsIn(place), Q with { NumSanityValSteps = 0 }, validate: true));

        Assert.Contains($"Log(\"x\", …) cannot be used in {place}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Trainer.Loggers[0].LogMetrics", error.Message, StringComparison.Ordinal);
    }

    private static (Type, Action, string[]) Row<TException>(Action act, params string[] texts)
        where TException : Exception
        => (typeof(TException), act, texts);

    private static Trainer New(TrainerOptions options) => new(options);

    private static void Run(LightningModule<(Tensor X, Tensor Y)> model, TrainerOptions? options = null, bool validate = false)
        => new Trainer(options ?? Q).Fit(model, ToyData.Batches(12, 4), validate ? ToyData.Batches(4, 4) : null);

    private static IEnumerable<(Tensor X, Tensor Y)> Stream()
    {
        foreach (var batch in ToyData.Batches(8, 4)) yield return batch;
    }

    private static optim.Optimizer Other() => optim.SGD(new[] { new TorchSharp.Modules.Parameter(ones(1)) }, 0.1);

    private static OptimizerSetup Scheduled(optim.Optimizer optimizer, LightningSharp.Optimization.LearningRateScheduler scheduler, SchedulerInterval interval)
        => new OptimizerEntry(optimizer, new SchedulerSetup(scheduler) { Interval = interval });

    private sealed class Does(Action<Does> act) : TinyModel
    {
        public void Back() => ManualBackward(ones(1));

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            act(this);
            return base.TrainingStep(batch, batchIndex);
        }
    }

    private sealed class Returns(Func<(Tensor X, Tensor Y), Tensor> step) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => step(batch);
    }

    private sealed class Configures(Func<optim.Optimizer, OptimizerSetup> configure) : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => configure(optim.SGD(parameters().ToArray(), 0.1));
    }

    private sealed class Manual : TinyModel
    {
        public Manual() => AutomaticOptimization = false;
    }

    private sealed class Empty : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(4, 2);

        public override Tensor forward(Tensor x) => layer.call(x);
    }

    private sealed class Suffixed : TinyModel
    {
        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("x/dataloader_idx_0", 1.0);
    }

    private sealed class LogsIn(string place, bool? onStep = null) : TinyModel
    {
        public override void OnFitStart() => In(nameof(OnFitStart));

        public override void OnFitEnd() => In(nameof(OnFitEnd));

        public override void OnTrainEnd() => In(nameof(OnTrainEnd));

        public override void OnTrainEpochEnd() => In(nameof(OnTrainEpochEnd));

        public override void OnValidationEnd() => In(nameof(OnValidationEnd));

        public override void Setup(Stage stage) => In(nameof(Setup));

        public override void Teardown(Stage stage) => In(nameof(Teardown));

        public override void PrepareData() => In(nameof(PrepareData));

        public override void ConfigureModel() => In(nameof(ConfigureModel));

        public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            In(nameof(OnBeforeBatchTransfer));
            return batch;
        }

        public override void LRSchedulerStep(SchedulerSetup scheduler, double? metric) => In(nameof(LRSchedulerStep));

        public override OptimizerSetup ConfigureOptimizers()
        {
            In(nameof(ConfigureOptimizers));
            var optimizer = optim.SGD(parameters().ToArray(), 0.1);
            return (optimizer, new StepLR(optimizer, 1));
        }

        private void In(string hook)
        {
            if (hook == place) Log("x", 1.0, onStep: onStep);
        }
    }
}
