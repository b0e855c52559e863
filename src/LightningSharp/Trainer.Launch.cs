using System.Diagnostics;
using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Native;
using LightningSharp.Optimization;
using LightningSharp.Terminal;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>The hall: what happens around every loop, and the only place that catches.</content>
public sealed partial class Trainer
{
    private readonly Hooks _hooks;
    private readonly IReadOnlyList<Callback> _userCallbacks;
    private LoggerFan _loggers;
    private TrainingHistory _history = new();
    private RunFailure? _thrown;
    private BatchNormCheck? _batchNorms;
    private Activity? _activity;
    private int _running;

    private void Launch<TBatch, TInput, TOutput>(
        LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, ILoop loop, Stage stage, Resume? resume, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
            throw new InvalidOperationException($"The Trainer is running ({EntryStage}): an entry point cannot be called from inside a hook or from another thread. Use another Trainer.");
        var (status, gradMode, modes) = (RunStatus.Failed, is_grad_enabled(), new ModuleModes(model));
        _activity = Telemetry.StartRun(stage, model);
        try
        {
            Begin(model, data, loop as IFitProgress, stage, cancellation);
            _resume = resume;
            Evaluating = loop as ITrialLoop;
            _latestModel = new ModelReuse<TBatch, TInput, TOutput>(this, model);
            Running = RunEngines.Begin(Options, _strategy.Device, Messages); // before the step's thread exists and anything allocates
            if (Options.Profiler is not null) Profiling = new(Options.Profiler, this, model, stage);
            if (Options.NativeGuard && NativeGuard.IsWanted)
            {
                NativeGuard.Run(Work);
            }
            else
            {
                SetUp(model, data, loop as FitLoop<TBatch, TInput, TOutput>, stage);
                loop.Run();
                Finish(model, data, stage);
            }

            status = _unwound ? RunStatus.Interrupted : RunStatus.Succeeded;
        }
        catch (Exception exception) when (Remember(exception, model))
        {
            if (exception is OperationCanceledException) status = RunStatus.Interrupted;
            if (exception is NativeFaultException) CleanUpAfterFault(modes);
            var shown = _failure = _thrown!.Shown(_watch?.MemoryText, LastSaved, Running.HintFor(_thrown.Exception)); // Remember has set it
            TellOfException(shown, model, data);
            if (!ReferenceEquals(_thrown.Exception, exception)) throw new AggregateException(shown, exception); // closing what the first one left open failed as well
            if (ReferenceEquals(shown, exception)) throw;
            throw shown;
        }
        finally
        {
            End(status);
            Status = status;
            set_grad_enabled(gradMode);
            (Stage, Hook, EntryStage, _running) = (Stage.Idle, HookId.None, Stage.Idle, 0);
        }

        // On the guarded thread; the same three lines as without it, so that the way to a step stays short in a debugger.
        void Work()
        {
            try
            {
                SetUp(model, data, loop as FitLoop<TBatch, TInput, TOutput>, stage);
                loop.Run();
                Finish(model, data, stage);
            }
            catch (Exception exception) when (!Remember(exception, model))
            {
                throw; // never: the filter only looks, before anything is unwound
            }
        }
    }

    private void Finish<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data, Stage stage)
    {
        Running.RestoreLayout();
        FinishSaves();
        TearDown(model, data, stage);
    }

    // An exception filter: runs while the tensors of the failed step are still alive.
    private bool Remember(Exception exception, ILightningModule model)
    {
        if (_thrown is not null) return true; // the first one is the one that the user must see
        var place = $"{model.Module.GetType().Name}.{Hook} (stage {Stage}, epoch {Progress.Epoch}, batch {BatchIndex})";
        FailedIn = PlaceOf(Hook);
        _thrown = new RunFailure(exception, place, Metrics.Batch?.Shapes ?? string.Empty, LeakWatch.Live);
        return true;
    }

    // No finally block of the faulted step has run.
    private void CleanUpAfterFault(ModuleModes modes)
    {
        modes.Restore();
        foreach (var reader in _readers)
        {
            try
            {
                reader?.Dispose();
            }
            catch (Exception exception)
            {
                Messages.Warn(MessageId.Degraded, $"A loader could not be closed after a native fault: {exception.Message}");
            }
        }
    }

    private void End(RunStatus status)
    {
        _guard.Exit();
        Limits.StopClock();
        var (watch, norms) = (_watch, _batchNorms);
        (_watch, _batchNorms, _thrown, _stepThread) = (null, null, null, 0);
        norms?.Dispose();
        Array.Clear(_readers);
        CloseCheckpoint();
        EndEngines();
        Profiling?.End(this, EntryStage);
        Profiling = null;
        FinishSavesQuietly();
        if (status == RunStatus.Succeeded && EntryStage == Stage.Fit && BestMark.Of(this).Path is { } best && File.Exists(best)) _loggers.LogArtifact(best, MlflowLogger.BestCheckpoint);
        _loggers.Finish(status);
        Telemetry.EndRun(_activity, this, _failure);
        WriteReport(status);
        watch?.Dispose(); // signals are heard until everything is on disk
        Exclusive.Release(this);
    }

    private void Begin<TBatch>(ILightningModule model, DataSource<TBatch> data, IFitProgress? fitting, Stage stage, CancellationToken cancellation)
    {
        (_interrupt, _unwound, _thrown) = (null, false, null);
        (Module, EntryStage, Stage, _cancellation) = (model, stage, stage, cancellation);
        (ShouldStop, StopReason, _stopMessage, _skipEpoch, Signal) = (false, StopReason.None, null, false, null);
        Metrics.Clear();
        ForgetLoaders(stage);
        Status = null;
        if (!IsTrial) UseCallbacksOf(model);
        Exclusive.Take(this, [model, .. Callbacks]);
        HookDeclarations.Require(model);
        if (data.Module is not null) HookDeclarations.Require(data.Module);
        foreach (var callback in Callbacks) HookDeclarations.Require(callback);
        _watch = RunWatch.Start(this);
        if (stage != Stage.Fit) return;
        (Fitting, _history) = (fitting, new TrainingHistory());
        if (_hasDefaultLimit && MaxEpochs == OptionsCheck.DefaultMaxEpochs)
            Messages.Warn(MessageId.DefaultMaxEpochs, $"{nameof(TrainerOptions.MaxEpochs)} was not set: {MaxEpochs} epochs are the limit. Set it, or -1 for no limit.");
    }

    private void LogHyperParameters(ILightningModule model, IReadOnlyDictionary<string, object?>? data)
    {
        if (!Options.EnableAutologHparams || Run is null) return;
        var all = new Dictionary<string, object?>(model.HyperParameters);
        foreach (var (key, value) in data ?? new Dictionary<string, object?>())
        {
            if (all.TryGetValue(key, out var other) && !PlainData.Same(value, other))
            {
                throw new MisconfigurationException(
                    $"The hyper-parameter '{key}' is {other} in {model.GetType().Name} and {value} in the data module: loggers could keep only one of them. Rename one, or give both the same value.");
            }

            all[key] = value;
        }

        _loggers.LogHyperParameters(all);
    }

    private void TellOfException<TBatch, TInput, TOutput>(Exception exception, LightningModule<TBatch, TInput, TOutput> model, DataSource<TBatch> data)
    {
        try
        {
            _hooks.OnException(new(this, model, exception));
            data.Module?.OnException(exception);
        }
        catch (Exception second)
        {
            // The first exception is the one that the user must see; the second must not be lost either.
            throw new AggregateException(exception, second);
        }
    }

    internal static string ExpandHome(string folder)
        => folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[1..])
            : folder;

    /// <summary>Sends a callback's own values to the loggers and to <see cref="CallbackMetrics"/>, at the step of the x-axis; they are not among the logged metrics.</summary>
    internal void LogDirectly(Dictionary<string, double> values)
    {
        foreach (var (key, value) in values) Metrics.Callback.SetNumber(key, value);
        if (values.Count > 0 && !_loggers.IsEmpty && Run is not null) _loggers.LogMetrics(values, Progress.StepBatches);
    }

    internal void LogTrainingEpoch(Dictionary<string, double> row)
    {
        LogRow(row, Math.Max(0, Progress.StepBatches - 1));
        _history.Add(Progress.Epoch, Metrics.Callback.Snapshot());
        Metrics.EndTrainingEpoch();
    }

    internal void LogStepValues(long step)
    {
        if (Metrics.HasStepValues) LogRow(Metrics.TakeStepValues(), step, withEpoch: false);
    }

    /// <summary>One row for the loggers.</summary>
    internal void LogRow(Dictionary<string, double> values, long step, bool withEpoch = true)
    {
        if (values.Count == 0) return;
        foreach (var (key, value) in values) Metrics.Logged.SetNumber(key, value);
        if (_loggers.IsEmpty || Run is null) return;
        if (withEpoch) values.TryAdd("epoch", Progress.Epoch);
        _loggers.LogMetrics(values, step);
    }
}
