using LightningSharp.Checkpointing;
using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using LightningSharp.Profiling;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <summary>The clock of training: epochs, batches, when to validate, when to stop. docs/the-loop.md shows it with every hook in its place.</summary>
internal sealed partial class FitLoop<TBatch, TInput, TOutput>(
    Trainer trainer, LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Hooks hooks) : ILoop, IFitProgress
{
    private readonly BatchPipe<TBatch, TInput, TOutput> _pipe = new(trainer, model, data.Module);
    private readonly BatchView<TBatch> _view = new();
    private readonly HookContext _context = new(trainer, model);
    private readonly EvaluationLoop<TBatch, TInput, TOutput> _validation = new(trainer, model, data, hooks, Stage.Validate);
    private readonly SchedulerClock<TBatch, TInput, TOutput> _schedulers = new(trainer, model);
    private readonly ValidationClock _clock = new(trainer);
    private readonly StepTelemetry _telemetry = new();
    private IOptimizationEngine<TBatch>? _engine;
    private IEnumerable<TBatch>? _train;
    private int _accumulate = trainer.Options.AccumulateGradBatches; // from the start: ConfigureOptimizers may ask how many steps there will be
    private int _windowStart;
    private int _windowOrigin;
    private bool _skipRest;
    private bool _stopInResume;
    private bool _inBatch;
    private Tensor? _batchRandom; // of the running batch's beginning, kept only for checkpoints of a failed step
    private bool _insideEpoch;
    private bool _loaderRestored;
    private BatchReader<TBatch>? _reader;
    private BatchPhase _phase;
    private readonly Dictionary<string, double> _row = [];

    /// <inheritdoc/>
    public int? TrainBatches { get; private set; }

    /// <inheritdoc/>
    public int?[] ValidationBatches => _validation.BatchCounts;

    /// <inheritdoc/>
    public bool IsLastBatch { get; private set; }

    /// <inheritdoc/>
    public bool ValidationEnabled { get; private set; }

    /// <inheritdoc/>
    public int AccumulateGradBatches
    {
        get => _accumulate;
        set => (_accumulate, _windowOrigin) = (value, trainer.Progress.BatchInEpoch); // windows of the new size begin here
    }

    /// <summary>What belongs into a checkpoint now.</summary>
    public FitState<TBatch> State() => new(
        _insideEpoch, _phase, (IsLastBatch ? null : _reader?.StateBefore) ?? (_train as IStateful)?.StateDict(), _engine, _accumulate, _windowOrigin, _insideEpoch && _engine?.Accumulated > 0, IsLastBatch,
        _phase switch
        {
            BatchPhase.Stepped => trainer.Metrics.TakeStepValues(),
            BatchPhase.EpochEnded => trainer.Metrics.TakeEpochValues(),
            _ => [],
        },
        _clock.StateDict(),
        _validation.SaveCounts(),
        _inBatch ? _batchRandom : null);

    /// <summary>What belongs into a checkpoint of the last step boundary.</summary>
    public FitState<TBatch> BoundaryState(StepSnapshot boundary) => new(
        boundary.InsideEpoch, boundary.Phase, boundary.Loader, _engine, _accumulate, _windowOrigin, false, boundary.IsLastBatch, [], _clock.StateDict(), _validation.SaveCounts(), null)
    {
        Boundary = boundary,
    };

    /// <inheritdoc/>
    public bool LoadersAreDirect => data.IsDirect;

    /// <inheritdoc/>
    public object? DataModule => data.Module;

    /// <inheritdoc/>
    public FitResult Trial(Trainer other)
    {
        try
        {
            return other.FitTrial(model, data);
        }
        finally
        {
            model.Attach(trainer);
            _train = null;
            TrainBatches = null;
        }
    }

    public void Run()
    {
        trainer.EnterSteps();
        trainer.Limits.StartClock();
        _accumulate = trainer.Options.AccumulateGradBatches;
        ValidationEnabled = CheckValidation();
        if (!trainer.IsResuming && !SanityCheck()) return;
        RequestTrainLoader();
        trainer.WarnAboutPosition(_train!, LoaderLength.Of(_train!) is not null); // requested above
        trainer.Limits.SetEpochLength(TrainBatches);
        trainer.StartLogClock();
        if (TrainBatches == 0) trainer.EndWith(StopReason.NoBatches);
        if (TrainBatches == 0 || (!HasOpenEpoch() && trainer.IsDone())) return; // a limit is spent, or OnFitStart asked to stop

        _engine = trainer.CreateEngine(model, hooks);
        _clock.Start(TrainBatches, ValidationEnabled);
        RequestValidationLoaders();
        trainer.Stage = Stage.Fit;
        trainer.Metrics.BeginTraining();
        WarnAboutEvalMode();
        if (trainer.IsResuming) RestoreEpoch();
        hooks.OnTrainStart(_context);
        model.OnTrainStart();
        try
        {
            if (trainer.Options.ValidateAtStart && ValidationEnabled && trainer.Progress.GlobalStep == 0 && !trainer.IsResuming) Validate();
            if (HasOpenEpoch()) RunEpoch();
            while (!trainer.IsDone()) RunEpoch();
        }
        catch (RunCanceledException cause)
        {
            trainer.Unwound(cause);
        }

        hooks.OnTrainEnd(_context);
        model.OnTrainEnd();
    }

    /// <inheritdoc/>
    public void RequestTrainLoader()
    {
        if (_train is not null) return;
        _train = data.Train() ?? throw new MisconfigurationException(
            "Fit has no training data: pass a loader, or override TrainDataLoader in the data module or the module.");
        var length = LoaderLength.Of(_train);
        TrainBatches = trainer.Options.LimitTrainBatches.Apply(length, nameof(TrainerOptions.LimitTrainBatches));
        if (length == 0 && !trainer.Options.LimitTrainBatches.IsNone)
            throw new MisconfigurationException("The training loader has no batches. Check the data set (and DropLast, when there are fewer samples than one batch).");
        if (!trainer.Options.OverfitBatches.IsNone) trainer.UseSequentialOrder(_train, "training");
        WarnAboutLogInterval();
    }

    // The default is never longer than an epoch.
    private void WarnAboutLogInterval()
    {
        if (trainer.Options is not { LogEveryNSteps: { } interval, FastDevRun.IsOn: false } || trainer.Loggers.Count == 0 || !(TrainBatches is > 0 and var batches && batches < interval)) return;
        trainer.Messages.Warn(
            MessageId.LogIntervalTooLong,
            $"{nameof(TrainerOptions.LogEveryNSteps)} = {interval}, but an epoch has {batches} batches: some epochs log no step values. Use at most {batches}, or leave it out.");
    }

    private void RunEpoch()
    {
        using var profile = trainer.Profile(ProfilerSeam.Epoch);
        using var activity = Telemetry.Start("lightning.epoch")?.SetTag("lightning.epoch", trainer.Progress.Epoch);
        Telemetry.Epoch.Record(trainer.Progress.Epoch);
        var resumed = trainer.Progress.BatchInEpoch > 0;
        trainer.ThrowIfCanceled(); // before the epoch's hooks, which would run twice otherwise
        ReloadIfDue();
        (_skipRest, _insideEpoch, _windowOrigin) = (false, true, resumed ? _windowOrigin : 0);
        _windowStart = _windowOrigin + ((trainer.Progress.BatchInEpoch - _windowOrigin) / _accumulate * _accumulate);
        if (_train is ILoader loader) loader.SetEpoch(trainer.Progress.Epoch);
        if (resumed && _loaderRestored && _train is IPositioned positioned) positioned.StartAt(trainer.Progress.Epoch, trainer.Progress.BatchInEpoch);
        trainer.Metrics.BeginTraining();
        if (!resumed)
        {
            TakeSnapshot(BatchPhase.Done, insideEpoch: false);
            hooks.OnTrainEpochStart(_context);
            model.OnTrainEpochStart();
        }

        using (var reader = trainer.Opened(OpenReader(resumed), training: true))
        {
            _reader = reader;
            if (resumed) ResumeInEpoch(reader);
            while (!_skipRest && !_stopInResume && Next(reader))
            {
                RunBatch(reader);
                AfterBatch();
                if (trainer.IsEpochOver()) break;
            }
        }

        (_reader, _stopInResume) = (null, false);

        if (trainer.Progress.BatchInEpoch == 0 && !_skipRest) throw NoBatches();
        EndEpoch();
    }

    private MisconfigurationException NoBatches() => new(trainer.Progress.BatchesSeen == 0
        ? "The training loader gave no batch. Check the data set (and DropLast, when there are fewer samples than one batch)."
        : $"The training data gave no batch in epoch {trainer.Progress.Epoch}, after {trainer.Progress.BatchesSeen} batches before: it can be read only once. Pass data that begins anew each time it is "
            + $"enumerated (a list, a DataLoader, a stream whose Read opens its source), or set {nameof(TrainerOptions.MaxEpochs)} = {trainer.Progress.Epoch}.");

    private bool Next(BatchReader<TBatch> reader)
    {
        trainer.Hook = HookId.NextBatch;
        return StepTelemetry.Wait(reader);
    }

    // Outside of the step's scope: what is left there leaks, and finalizers may run.
    private void AfterBatch()
    {
        trainer.StepBoundary();
        if (!_skipRest) TakeSnapshot(BatchPhase.Done, insideEpoch: true);
    }

    // In mid-window gradients belong to the state as well; a window that is cut is run again as a whole.
    private void TakeSnapshot(BatchPhase phase, bool insideEpoch)
    {
        if (_engine!.Accumulated == 0) trainer.TakeSnapshot(insideEpoch, IsLastBatch, phase, _reader is { } reader ? reader.StateBefore : (_train as IStateful)?.StateDict()); // created in Run
    }

    private void RunBatch(BatchReader<TBatch> reader)
    {
        using var profile = trainer.Profile(ProfilerSeam.Batch); // around the scope: its end counts
        trainer.ThrowIfCanceled();
        trainer.BatchRead(RunPhase.Train);
        var batchIndex = trainer.BatchIndex = trainer.Progress.BatchInEpoch;
        IsLastBatch = reader.IsLast;
        _telemetry.Begin(trainer.Progress);
        using var scope = NewDisposeScope();
        reader.GiveTo(scope);
        if (trainer.SavesFailedSteps) RememberRandom();
        var batch = _pipe.ToDevice(reader.Current, 0);
        _view.Batch = batch;
        trainer.Metrics.BeginBatch(_view, batchIndex == 0);
        if (trainer.Options.LogInterval is not null) trainer.DecideLogStep(_view.Size);
        hooks.OnTrainBatchStart(new(trainer, model, _view, batchIndex, 0));
        if (model.OnTrainBatchStart(batch, batchIndex) == BatchFlow.SkipRestOfEpoch || trainer.TakeSkipEpoch())
        {
            (_skipRest, _inBatch) = (true, false);
            return;
        }

        trainer.RequireGradMode(true, nameof(model.OnTrainBatchStart));
        var loss = _engine!.Run(batch, batchIndex, NextWindow(batchIndex)); // created in Run
        trainer.RequireGradMode(true, nameof(model.TrainingStep));
        AfterStep(loss, batch, batchIndex);
    }

    private void AfterStep(Tensor? loss, TBatch batch, int batchIndex)
    {
        var stepped = _engine!.Stepped; // created in Run
        (_phase, _inBatch) = (BatchPhase.Stepped, false);
        if (stepped) _schedulers.AfterStep(monitored: false);
        if (IsLastBatch) _schedulers.AfterEpoch(monitored: false);
        trainer.Progress = trainer.Progress.NextBatch(_view.Size);
        var detached = loss?.detach();
        hooks.OnTrainBatchEnd(new(trainer, model, detached, _view, batchIndex));
        model.OnTrainBatchEnd(detached, batch, batchIndex);
        trainer.RequireGradMode(true, nameof(model.OnTrainBatchEnd));
        trainer.Hook = HookId.Bookkeeping;
        if (stepped && trainer.IsLogStep) LogStep();
        trainer.Metrics.EndBatch();
        _telemetry.End(trainer.Progress, _view.Size, detached);
        _phase = BatchPhase.Logged;
        FinishBatch(stepped);
    }

    private void LogStep()
    {
        if (trainer.Metrics.HasStepValues) trainer.LogRow(trainer.Metrics.TakeStepValues(), trainer.Progress.StepBatches);
        trainer.LoggedStep();
    }

    private void FinishBatch(bool stepped)
    {
        trainer.PollRequests();
        if (_phase == BatchPhase.Logged && ShouldValidate()) Validate();
        if (stepped)
        {
            _schedulers.AfterStep(monitored: true);
            trainer.Progress = trainer.Progress.NextStepBatch();
        }

        _clock.Advance();
        _phase = BatchPhase.Done;
    }

    private AccumulationWindow NextWindow(int batchIndex)
    {
        if (_accumulate == 1) return AccumulationWindow.Single;
        var position = batchIndex - _windowOrigin;
        if (position % _accumulate == 0) _windowStart = batchIndex;
        var size = TrainBatches is { } count ? Math.Min(_accumulate, count - _windowStart) : _accumulate;
        return new AccumulationWindow(size, (position + 1) % _accumulate == 0 || IsLastBatch);
    }

    private void EndEpoch()
    {
        model.RequireSameLayers();
        _engine!.EndEpoch(); // created in Run
        trainer.Metrics.EpochEndReached();
        _phase = BatchPhase.EpochEnded;
        hooks.OnTrainEpochEnd(_context);
        trainer.Hook = HookId.OnTrainEpochEnd;
        model.OnTrainEpochEnd();
        hooks.OnTrainEpochEndMonitors(_context);
        CloseEpoch(trainer.Metrics.TakeEpochValues());
    }

    private void CloseEpoch(Dictionary<string, double> row)
    {
        if (IsLastBatch) _schedulers.AfterEpoch(monitored: true);
        trainer.LogTrainingEpoch(row);
        trainer.Progress = trainer.Progress.NextEpoch();
        (_phase, _insideEpoch) = (BatchPhase.Done, false);
    }

    private void ReloadIfDue()
    {
        var interval = trainer.Options.ReloadDataloadersEveryNEpochs;
        if (interval == 0 || trainer.Progress.Epoch == 0 || trainer.Progress.Epoch % interval != 0 || trainer.Progress.BatchInEpoch > 0) return;
        _train = null;
        RequestTrainLoader();
        _validation.Reload(); // at the next validation
    }

    private void WarnAboutEvalMode()
    {
        if (ModuleModes.CountEval(model) is > 0 and var count)
        {
            trainer.Messages.Warn(
                MessageId.EvalModeModules,
                $"{count} module(s) are in eval mode at the start of training: dropout and batch normalisation there stay off. Call train() before Fit if that is not meant.");
        }
    }
}
