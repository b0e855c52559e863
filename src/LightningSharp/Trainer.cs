using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Optimization;
using LightningSharp.Strategies;
using TorchSharp;

namespace LightningSharp;

/// <summary>
/// Runs a <see cref="LightningModule{TBatch}"/> over data: devices, loops, gradients, validation, logging, checkpoints, and everything that the user should not
/// have to write. One Trainer can run many times; a second <c>Fit</c> goes on from where the first one ended, unless <see cref="Reset"/> comes before it.
/// </summary>
/// <example><code>
/// var trainer = new Trainer(new() { MaxEpochs = 5 });
/// var result = trainer.Fit(new Cnn(), new MnistDataModule(batchSize: 2048));
/// </code></example>
public sealed partial class Trainer
{
    private readonly Strategy _strategy;
    private LightningOptimizer[] _optimizers = [];
    private LightningOptimizer[][] _single = [];
    private CancellationToken _cancellation;
    private string? _stopMessage;
    private bool _skipEpoch;
    private readonly bool _hasDefaultLimit;
    private readonly Dictionary<Stage, int?[]> _batchCounts = [];

    /// <summary>Creates a Trainer.</summary>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <exception cref="MisconfigurationException">Settings that cannot work: all problems are listed.</exception>
    public Trainer(TrainerOptions? options = null)
    {
        var given = options ?? new TrainerOptions();
        OptionsCheck.Require(given);
        Native.LibTorch.EnsureLoaded();
        Messages = new Messages(given.LoggerFactory?.CreateLogger("LightningSharp") ?? new ConsoleLog(), given.SilencedMessages);
        Options = OptionsCheck.Resolve(given, Messages);
        if (Options.Seed is { } seed) torch.manual_seed(seed); // models are usually built between here and Fit: their weights are part of what a seed repeats
        _hasDefaultLimit = given is { MaxEpochs: null, MaxDuration: null } && Options.MaxEpochs == OptionsCheck.DefaultMaxEpochs;
        _strategy = Hardware.Choose(given.Accelerator, given.Devices);
        Metrics = new MetricStore(this);
        _userCallbacks = DefaultCallbacks.Complete(Options);
        _hooks = new Hooks(this, _userCallbacks);
        CallbackKeys.Require(_hooks.Callbacks);
        _loggers = Fan(Options.Loggers ?? [new CsvLogger(), new TensorBoardLogger()]);
        CheckpointIO = Options.CheckpointIO ?? new LocalCheckpointIO();
        Limits = new RunLimits(Options);
    }

    /// <summary>The settings, with defaults filled in.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Where the run is.</summary>
    public Progress Progress { get; internal set; }

    /// <summary>What the Trainer is doing now.</summary>
    public Stage Stage { get; internal set; }

    /// <summary>Index of the running epoch; after training the number of epochs done.</summary>
    public int CurrentEpoch => Progress.Epoch;

    /// <summary>Optimizer steps taken, over all epochs and optimizers.</summary>
    public long GlobalStep => Progress.GlobalStep;

    /// <summary>The latest values for callbacks: step values while an epoch runs, epoch values at its end. Reading one may wait for the device.</summary>
    public IReadOnlyDictionary<string, double> CallbackMetrics => Metrics.Callback;

    /// <summary>The latest values for the loggers: what they got, and what was logged for them since. Reading it may wait for the device.</summary>
    public IReadOnlyDictionary<string, double> LoggedMetrics => Metrics.LoggedNow();

    /// <summary>The latest values for the progress line.</summary>
    public IReadOnlyDictionary<string, double> ProgressBarMetrics => Metrics.ProgressBar;

    /// <summary>Device and world of the run.</summary>
    public Strategy Strategy => _strategy;

    /// <summary>The callbacks, in the order in which they run.</summary>
    public IReadOnlyList<Callback> Callbacks => _hooks.Callbacks;

    /// <summary>The optimizers of the run.</summary>
    public IReadOnlyList<LightningOptimizer> Optimizers => _optimizers;

    /// <summary>The schedulers of the run.</summary>
    public IReadOnlyList<SchedulerSetup> Schedulers => [.. _optimizers.SelectMany(optimizer => optimizer.Entry.Schedulers)];

    /// <summary>The module of the current or latest run.</summary>
    public ILightningModule? Module { get; private set; }

    /// <summary>The folder of the run's files, <c>lightning_logs/version_N</c>; null before the first run and when nothing is written.</summary>
    public string? RunDirectory => Run?.Directory;

    /// <summary>What makes this run faster or changes its numbers, one short text each, known from <c>OnFitStart</c> on: layout, fused optimizers, memory policy, precision.</summary>
    public IReadOnlyList<string> Engines => Running.Texts;

    /// <summary>Optimizer steps of the run that were left out because a gradient was infinite or not a number; only precisions with a loss scale do that.</summary>
    public long SkippedSteps => Running.Precision.SkippedSteps;
    /// <summary>How the latest run ended; null while one runs and before the first.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>True after a stop was asked for.</summary>
    public bool ShouldStop { get; private set; }

    /// <summary>Why training ended.</summary>
    public StopReason StopReason { get; private set; }

    /// <summary>Training batches per epoch; null when unknown or before <c>Fit</c>.</summary>
    public int? NumTrainingBatches => Fitting?.TrainBatches;

    /// <summary>Batches of each validation loader; null where unknown.</summary>
    public IReadOnlyList<int?> NumValBatches => _batchCounts.GetValueOrDefault(Stage.Validate) ?? [];

    /// <summary>Batches of each validation loader that the sanity check takes; null where unknown.</summary>
    public IReadOnlyList<int?> NumSanityValBatches
        => Options.NumSanityValSteps < 0 ? NumValBatches : [.. NumValBatches.Select(count => Math.Min(count ?? Options.NumSanityValSteps, Options.NumSanityValSteps))];

    /// <summary>Batches of each test loader of the latest <c>Test</c>; null where unknown.</summary>
    public IReadOnlyList<int?> NumTestBatches => _batchCounts.GetValueOrDefault(Stage.Test) ?? [];

    /// <summary>Batches of each loader of the latest <c>Predict</c>; null where unknown.</summary>
    public IReadOnlyList<int?> NumPredictBatches => _batchCounts.GetValueOrDefault(Stage.Predict) ?? [];

    /// <summary>Where logs of the run belong: its folder, or the root folder when nothing is written.</summary>
    public string LogDir => RunDirectory ?? Path.GetFullPath(ExpandHome(Options.DefaultRootDir ?? "."));

    /// <summary>Whether validation runs inside <c>Fit</c>: there are a loader and a step, and the limit is not zero.</summary>
    public bool EnableValidation => Fitting?.ValidationEnabled ?? false;

    /// <summary>Whether the current training batch is the epoch's last.</summary>
    public bool IsLastBatch => Fitting?.IsLastBatch ?? false;

    /// <summary>The limit of epochs; may be raised between two calls of <c>Fit</c>. Null is no limit.</summary>
    public int? MaxEpochs
    {
        get => Limits.MaxEpochs;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 0, -1, nameof(MaxEpochs));
            Limits.MaxEpochs = value < 0 ? null : value;
        }
    }

    /// <summary>The limit of optimizer steps; may be raised between two calls of <c>Fit</c>. Null is no limit.</summary>
    public long? MaxSteps
    {
        get => Limits.MaxSteps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 0, -1, nameof(MaxSteps));
            Limits.MaxSteps = value < 0 ? null : value;
        }
    }

    /// <summary>The current accumulation factor; callbacks may change it at the start of an epoch.</summary>
    public int AccumulateGradBatches
    {
        get => Fitting?.AccumulateGradBatches ?? Options.AccumulateGradBatches;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            if (Fitting is not null) Fitting.AccumulateGradBatches = value;
        }
    }

    /// <summary>Asks to end training after the current batch. The first reason is kept; minimums of epochs and steps are respected.</summary>
    /// <param name="reason">One line for people: why.</param>
    public void Stop(string reason) => Stop(StopReason.Requested, reason);

    /// <summary>Leaves out the rest of the current epoch; its end hooks run, and the next epoch follows.</summary>
    public void SkipRestOfEpoch() => _skipEpoch = true;

    /// <summary>The profiler's seam while a run with one lasts.</summary>
    internal Profiling.ProfilerSeam? Profiling { get; private set; }

    /// <summary>An action around others, until disposed; nothing without a profiler.</summary>
    internal Profiling.ProfiledScope Profile(string action) => Profiling?.Open(action) ?? default;

    internal int BatchIndex { get; set; }

    internal Stage EntryStage { get; private set; }

    internal Messages Messages { get; }

    internal MetricStore Metrics { get; private set; }

    internal RunLimits Limits { get; private set; }

    /// <summary>The engines of the current or latest run.</summary>
    internal RunEngines Running { get; private set; } = RunEngines.None;

    internal RunInfo? Run { get; private set; }

    /// <summary>The signal that asked the run to end, if any.</summary>
    internal RunSignal? Signal { get; set; }

    internal bool IsResuming { get; private set; }

    internal IFitProgress? Fitting { get; private set; }

    internal OptimizerSetup OptimizerSetup { get; private set; } = OptimizerSetup.None;

    internal LightningOptimizer[] AllOptimizers => _optimizers;

    internal IManualOptimization ManualOptimization { get; private set; } = new AutomaticOnly();

    internal LightningOptimizer[] OneOptimizer(int index) => _single[index];

    internal MetricStore? MetricsForLog()
    {
        if (!Options.Barebones) return Metrics;
        SayBarebones();
        return null;
    }

    private void SayBarebones() => Messages.Warn(MessageId.LogIgnored, $"Log has no effect: {nameof(TrainerOptions.Barebones)} = true logs nothing.");

    internal void SetBatchCounts(Stage stage, int?[] counts) => _batchCounts[stage] = counts;

    internal void CountStep(LightningOptimizer optimizer)
    {
        optimizer.StepCount++;
        optimizer.SteppedNow = true;
        Running.Precision.Discard(optimizer.Optimizer); // also when the user left the step out
        Progress = Progress.NextStep(1);
    }

    internal void Stop(StopReason reason, string message)
    {
        if (ShouldStop && reason != StopReason.Canceled) return;
        (ShouldStop, StopReason, _stopMessage) = (true, reason, message);
    }

    internal void EndWith(StopReason reason)
    {
        if (StopReason == StopReason.None) StopReason = reason;
    }

    internal bool TakeSkipEpoch()
    {
        var skip = _skipEpoch;
        _skipEpoch = false;
        return skip;
    }

    /// <summary>After a batch: limits of time, and requests from outside.</summary>
    internal void PollRequests()
    {
        PollSaves();
        if (Limits.TimeIsUp && !ShouldStop && Limits.CanStopEarly(Progress)) Freeze();
        if (Limits.TimeIsUp) Stop(StopReason.MaxTime, $"MaxTime = {Options.MaxTime} has passed");
    }

    /// <summary>Whether the epoch ends after this batch, before its loader does.</summary>
    internal bool IsEpochOver()
    {
        if (_skipEpoch)
        {
            _skipEpoch = false;
            return true;
        }

        if (Limits.IsSpentInEpoch(Progress)) return true;
        if (!ShouldStop) return false;
        if (Limits.CanStopEarly(Progress)) return true;
        SayMinimum();
        return false;
    }

    /// <summary>Whether training is over, asked between epochs.</summary>
    internal bool IsDone()
    {
        if (Limits.Reason(Progress) is not StopReason.None and var reason)
        {
            EndWith(reason);
            return true;
        }

        if (!ShouldStop) return false;
        if (Limits.CanStopEarly(Progress)) return true;
        SayMinimum();
        return false;
    }

    private void SayMinimum() => Messages.Inform(
        MessageId.MinimumNotReached, $"A stop was asked for ({_stopMessage}), but {Limits.MinimumText} has not been reached: training continues until then.");
}
