using LightningSharp.Logging;
using LightningSharp.Terminal;
using TorchSharp;

namespace LightningSharp.Callbacks;

/// <summary>
/// Shows where a run is: a live line per running stage with bar, pace, remaining time, the running training loss and the metrics logged with <c>progressBar: true</c>,
/// and one row that stays for every finished epoch. Where nothing can be drawn (files, pipes) rows and a sign of life every 30 seconds take its place.
/// Metrics are read from the device only for a drawing. The running loss is the mean of the last 20 steps (of steps shorter than half a millisecond, and on
/// accelerators, the mean of the last 20 that were read).
/// </summary>
public sealed class ProgressBar : Callback
{
    private const int SmoothedSteps = 20;
    private const int MostRefreshes = 10;
    private const int FastestLosses = 2000; // readings a second

    private readonly Display? _given;
    private readonly LossWindow _losses = new(SmoothedSteps);
    private readonly ProgressState _state = new();
    private Display? _display;
    private StageClock _clock = new(TimeProvider.System);
    private StageClock _evaluationClock = new(TimeProvider.System);
    private long _interval;
    private long _nextDraw;
    private long _samplesBefore;
    private int _batches;
    private int _finishedEpochs;
    private TimeSpan _epochTime;
    private double? _bestScore;
    private long _nextLoss;
    private long _lossInterval;

    /// <summary>Shows progress.</summary>
    /// <param name="refreshesPerSecond">How often the live line is drawn at most, from 0 (no live line, epochs' rows only) to 10.</param>
    /// <param name="showLoss">Show the mean of the last 20 training losses without the module logging it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0 or more than 10 refreshes.</exception>
    public ProgressBar(int refreshesPerSecond = MostRefreshes, bool showLoss = true)
    {
        if (refreshesPerSecond is < 0 or > MostRefreshes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(refreshesPerSecond), refreshesPerSecond, $"Received refreshesPerSecond = {refreshesPerSecond}: expected 0 (no live line) to {MostRefreshes}.");
        }

        (RefreshesPerSecond, ShowLoss) = (refreshesPerSecond, showLoss);
    }

    internal ProgressBar(Display display, int refreshesPerSecond = MostRefreshes, bool showLoss = true)
        : this(refreshesPerSecond, showLoss) => _given = display;

    /// <summary>How often the live line is drawn at most.</summary>
    public int RefreshesPerSecond { get; }

    /// <summary>Whether the running training loss is shown.</summary>
    public bool ShowLoss { get; }

    /// <inheritdoc/>
    /// <remarks>The row of an epoch shows what the module logged at its end, and whether a checkpoint callback found it the best.</remarks>
    public override bool Monitors => true;

    /// <inheritdoc/>
    public override int Order => 2;

    /// <summary>What the live line shows beside the running loss: <c>v_num</c>, the run's number, and the metrics logged for it.</summary>
    public static IReadOnlyDictionary<string, object> GetMetrics(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var metrics = new Dictionary<string, object>();
        if (trainer.Run?.Version is { Length: > 0 } version)
        {
            var number = version.StartsWith("version_", StringComparison.Ordinal) ? version["version_".Length..] : version;
            metrics["v_num"] = int.TryParse(number, out var value) ? value : number.Length > 4 ? number[^4..] : number;
        }

        foreach (var (name, value) in trainer.ProgressBarMetrics) metrics[name] = value;
        return metrics;
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context.Trainer);
        _display = null;
        if (!context.Trainer.Strategy.IsGlobalZero) return;
        var display = _given ?? Display.For(context.Trainer.Options.Console);
        if (!display.Claim(context.Trainer)) return;
        _display = display;
        (_clock, _evaluationClock) = (new StageClock(display.Time), new StageClock(display.Time));
        (_bestScore, _finishedEpochs, _epochTime, _nextDraw) = (null, 0, TimeSpan.Zero, long.MinValue);
        var seconds = display.IsHeartbeat ? display.Interval.TotalSeconds : Math.Max(display.Interval.TotalSeconds, 1.0 / Math.Max(1, RefreshesPerSecond));
        _interval = display.Interval == Timeout.InfiniteTimeSpan || RefreshesPerSecond == 0 ? long.MaxValue : (long)(seconds * display.Time.TimestampFrequency);
        _lossInterval = context.Trainer.Strategy.Device.type == DeviceType.CPU ? display.Time.TimestampFrequency / FastestLosses : long.MaxValue;
        _nextLoss = _lossInterval == long.MaxValue ? long.MaxValue : long.MinValue;
        if (display.IsHeartbeat) _nextDraw = Later();
        _losses.Clear();
    }

    /// <inheritdoc/>
    public override void Teardown(StageContext context) => _display?.Close();

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => _display?.Close();

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => StartEpoch(context.Trainer); // a resumed epoch has no start hook

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context) => StartEpoch(context.Trainer);

    /// <inheritdoc/>
    public override void OnTrainBatchStart(BatchContext context) => _clock.BatchStarts();

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        if (_display is null) return;
        _batches++;
        var now = _clock.Now;
        var due = now >= _nextDraw;
        // On an accelerator reading waits for the device: only for a drawing. On the processor it costs microseconds: too much for steps that take no longer.
        if (context.Loss is { } loss && (due || now >= _nextLoss))
        {
            _losses.Add(MetricValue.ReadTensor(loss));
            _nextLoss = _lossInterval == long.MaxValue ? long.MaxValue : now + _lossInterval;
        }

        if (due) DrawTraining(context.Trainer);
        _clock.BatchEnds();
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (_display is not { } display) return;
        _finishedEpochs++;
        _epochTime += _clock.Total;
        var trainer = context.Trainer;
        var seconds = _clock.Elapsed.TotalSeconds;
        var samples = trainer.Progress.SamplesSeen - _samplesBefore;
        display.Epoch(new(
            trainer.Progress.Epoch, EpochMetrics.Of(trainer, _losses.EpochMean), LearningRate(trainer), seconds > 0 ? samples / seconds : 0, _clock.Total, IsBest(trainer)));
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context) => _display?.Close();

    /// <inheritdoc/>
    public override void OnSanityCheckEnd(HookContext context) => _display?.Close();

    /// <inheritdoc/>
    public override void OnValidationStart(HookContext context)
    {
        _clock.Pause();
        StartEvaluation(context.Trainer, context.Trainer.Stage == Stage.SanityCheck ? Stage.SanityCheck : Stage.Validate);
    }

    /// <inheritdoc/>
    public override void OnValidationBatchEnd(BatchContext context) => EvaluationBatch(context.Trainer, context.DataLoaderIndex, context.BatchIndex);

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context)
    {
        _clock.Resume();
        if (context.Trainer.EntryStage != Stage.Fit) _display?.Close();
    }

    /// <inheritdoc/>
    public override void OnTestStart(HookContext context) => StartEvaluation(context.Trainer, Stage.Test);

    /// <inheritdoc/>
    public override void OnTestBatchEnd(BatchContext context) => EvaluationBatch(context.Trainer, context.DataLoaderIndex, context.BatchIndex);

    /// <inheritdoc/>
    public override void OnTestEnd(HookContext context) => _display?.Close();

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => StartEvaluation(context.Trainer, Stage.Predict);

    /// <inheritdoc/>
    public override void OnPredictBatchEnd(PredictBatchEndContext context) => EvaluationBatch(context.Trainer, context.DataLoaderIndex, context.BatchIndex);

    /// <inheritdoc/>
    public override void OnPredictEnd(HookContext context) => _display?.Close();

    private void StartEpoch(Trainer trainer)
    {
        if (_display is not { } display) return;
        _samplesBefore = trainer.Progress.SamplesSeen;
        _batches = 0;
        _losses.StartEpoch();
        _clock.Start();
        if (display.IsHeartbeat) _nextDraw = Later();
        else if (_clock.Now >= _nextDraw) DrawTraining(trainer);
    }

    private void DrawTraining(Trainer trainer)
    {
        var elapsed = _clock.Elapsed;
        (_state.Stage, _state.Validation, _state.Epoch, _state.LastEpoch) = (Stage.Fit, null, trainer.Progress.Epoch, trainer.MaxEpochs - 1);
        (_state.Batch, _state.Batches) = (trainer.Progress.BatchInEpoch, trainer.NumTrainingBatches);
        (_state.Elapsed, _state.DataShare) = (elapsed, _clock.DataShare);
        _state.Rate = elapsed > TimeSpan.Zero ? _batches / elapsed.TotalSeconds : 0;
        _state.RunRemaining = RunRemaining(trainer);
        _state.Loss = ShowLoss ? _losses.Mean : null;
        Draw(trainer);
    }

    private void StartEvaluation(Trainer trainer, Stage stage)
    {
        if (_display is not { } display) return;
        _evaluationClock.Start();
        if (trainer.EntryStage != Stage.Fit || stage == Stage.SanityCheck)
        {
            (_state.Stage, _state.Epoch, _state.LastEpoch) = (stage, trainer.Progress.Epoch, null);
            (_state.Loss, _state.RunRemaining, _state.DataShare) = (null, null, 0);
        }

        if (display.IsHeartbeat && trainer.EntryStage != Stage.Fit) _nextDraw = Later();
        else if (!display.IsHeartbeat) EvaluationBatch(trainer, 0, -1);
    }

    private void EvaluationBatch(Trainer trainer, int loader, int batchIndex)
    {
        if (_display is null || _clock.Now < _nextDraw) return;
        var inFit = trainer.EntryStage == Stage.Fit;
        var count = inFit && loader < trainer.NumValBatches.Count ? trainer.NumValBatches[loader] : null;
        if (trainer.Stage == Stage.SanityCheck && trainer.Options.NumSanityValSteps is > 0 and var steps) count = Math.Min(count ?? steps, steps);
        if (inFit && trainer.Stage != Stage.SanityCheck)
        {
            _state.Validation = (batchIndex + 1, count, loader);
            (_state.Stage, _state.Epoch, _state.LastEpoch) = (Stage.Fit, trainer.Progress.Epoch, trainer.MaxEpochs - 1);
            (_state.Batch, _state.Batches, _state.Elapsed) = (trainer.Progress.BatchInEpoch, trainer.NumTrainingBatches, _clock.Elapsed);
        }
        else
        {
            (_state.Validation, _state.Batch, _state.Batches, _state.Elapsed) = (null, batchIndex + 1, count, _evaluationClock.Elapsed);
            _state.Rate = _state.Elapsed > TimeSpan.Zero ? _state.Batch / _state.Elapsed.TotalSeconds : 0;
        }

        Draw(trainer);
    }

    private void Draw(Trainer trainer)
    {
        _nextDraw = Later();
        if (_interval == long.MaxValue) return;
        _state.Metrics = trainer.ProgressBarMetrics;
        _display!.Progress(_state); // callers check it
    }

    private long Later() => _interval == long.MaxValue ? long.MaxValue : _clock.Now + _interval;

    private TimeSpan? RunRemaining(Trainer trainer)
    {
        if (trainer.MaxEpochs is not { } epochs || trainer.NumTrainingBatches is not { } batches || _state.Rate <= 0) return null;
        var left = epochs - trainer.Progress.Epoch - 1;
        if (left <= 0) return null; // the epoch's own clock says it
        var perEpoch = _finishedEpochs > 0 ? _epochTime.TotalSeconds / _finishedEpochs : batches / _state.Rate;
        return TimeSpan.FromSeconds(Math.Min(1e7, (Math.Max(0, batches - _state.Batch) / _state.Rate) + (left * perEpoch)));
    }

    // A rate that never changes is not worth a column.
    private static double? LearningRate(Trainer trainer)
        => trainer.Schedulers.Count > 0 && trainer.Optimizers[0].Optimizer.ParamGroups.FirstOrDefault() is { } group ? group.LearningRate : null;

    private bool IsBest(Trainer trainer)
    {
        if (BestMark.Of(trainer) is not { Monitor: not null, Score: { } score } || score.Equals(_bestScore)) return false;
        _bestScore = score;
        return true;
    }
}
