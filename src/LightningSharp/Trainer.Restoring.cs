using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>Restoring.</content>
public sealed partial class Trainer
{
    private Resume? _resume;
    private LoadedCheckpoint? _loaded;
    private IReadOnlyDictionary<string, object?>? _own;
    private IReadOnlyDictionary<string, object?>? _precisionState;

    /// <summary>The file that the current run continues; null for a fresh start.</summary>
    public string? ResumedFrom { get; private set; }

    /// <summary>Copies the weights of a checkpoint into the current module.</summary>
    internal void LoadWeights(string path)
    {
        using var file = CheckpointIO.Load(path);
        StateDictLoader.Load(Module!.Module, file.StateDict()); // called while a module is attached
    }

    private string? FindCheckpoint(Resume resume)
    {
        switch (resume.Source)
        {
            case ResumeSource.File:
                return resume.Path;
            case ResumeSource.Best when Callbacks.OfType<ModelCheckpoint>().Select(callback => callback.BestModelPath).FirstOrDefault(path => path is not null) is { } best:
                return best;
            case ResumeSource.Best:
                throw new MisconfigurationException("Resume.Best: no checkpoint callback of this Trainer has saved anything. Fit first, or give the path of a file.");
        }

        var folders = Callbacks.OfType<ModelCheckpoint>().Select(callback => callback.DirPath ?? callback.Directory).OfType<string>()
            .Append(Path.Combine(ExpandHome(Options.DefaultRootDir ?? "."), RunFolder.DefaultName))
            .Append(Path.Combine(ExpandHome(Options.DefaultRootDir ?? "."), "checkpoints")).Distinct(); // where they lie without loggers
        if (FirstUsable(CheckpointSearch.NewestFirst(folders), resume) is var whole && (whole is not null || resume.Source == ResumeSource.Auto)) return whole;
        throw new MisconfigurationException(
            $"Resume.Last: there is no checkpoint that can be continued in {string.Join(", ", folders)}. Use Resume.Auto to start fresh when there is none.");
    }

    // A job that is started again and again must not stand still because of one file: what cannot be continued is named and passed over.
    private string? FirstUsable(IEnumerable<string> files, Resume resume)
    {
        foreach (var file in files)
        {
            try
            {
                _loaded = CheckpointIO.Load(file);
                if (resume.WeightsOnly || EntryStage != Stage.Fit || _loaded.ContainsKey("optimizer_states")) return file;
                CloseLoaded();
            }
            catch (CheckpointException exception)
            {
                Messages.Warn(MessageId.InexactResume, $"{file} cannot be continued and is passed over: {exception.Message}");
            }
        }

        return null;
    }

    private void CloseLoaded()
    {
        _loaded?.Dispose();
        (_loaded, _own) = (null, null);
    }

    /// <summary>Reads the file before the run's folder is chosen: an interrupted run goes on in its own folder.</summary>
    private void OpenCheckpoint()
    {
        ResumedFrom = null;
        if (_resume is null || FindCheckpoint(_resume) is not { } path) return;
        _loaded ??= CheckpointIO.Load(path);
        ResumedFrom = path;
        IsResuming = EntryStage == Stage.Fit && !_resume.WeightsOnly;
        if (!IsResuming || !_resume.Position) return;
        if (!_loaded.ContainsKey("optimizer_states"))
        {
            throw new CheckpointException(
                $"{path} holds only weights: training cannot be continued from it. Use Resume.From(path) with {{ WeightsOnly = true }} to start a new training from these weights.");
        }

        var own = OwnState();
        if (own is not null && StateValue.Text(own, "run_directory") is { } folder && Path.GetFullPath(path).StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && Directory.Exists(folder) && Run is null && _loggers.Directory is null)
        {
            Run = new RunInfo(folder, Path.GetFileName(Path.GetDirectoryName(folder)) ?? string.Empty, Path.GetFileName(folder));
        }
    }

    /// <summary>Weights, data module and callbacks: before the optimizers are configured.</summary>
    private void RestoreModel<TBatch, TInput, TOutput>(LightningModule<TBatch, TInput, TOutput> model, DataModule<TBatch>? data)
    {
        if (_loaded is null || _resume is null) return;
        var checkpoint = new Checkpoint();
        foreach (var (key, value) in _loaded) checkpoint[key] = value;
        model.OnLoadCheckpoint(checkpoint);
        var weights = checkpoint["state_dict"] as IReadOnlyDictionary<string, Tensor> ?? _loaded.StateDict();
        var result = StateDictLoader.Load(model, weights, new StateDictLoadOptions { Strict = _resume.Strict && model.StrictLoading, MapKey = _resume.MapKey });
        if (result.Missing.Count + result.Unexpected.Count > 0)
            Messages.Warn(MessageId.Information, $"{ResumedFrom}: missing keys [{string.Join(", ", result.Missing)}], unexpected keys [{string.Join(", ", result.Unexpected)}].");
        if (!IsResuming) return;
        if (data is IStateful stateful && StateValue.Map(checkpoint[data.GetType().Name]) is { } dataState) stateful.LoadStateDict(dataState);
        RestoreCallbacks(model, checkpoint);
    }

    private void RestoreCallbacks(ILightningModule model, Checkpoint checkpoint)
    {
        _hooks.OnLoadCheckpoint(new(this, model, checkpoint));
        var states = StateValue.Map(checkpoint["callbacks"]);
        if (states is null) return;
        foreach (var callback in Callbacks)
        {
            if (callback is IStateful stateful && StateValue.Map(states.FirstOrDefault(entry => CallbackKeys.Fits(entry.Key, callback)).Value) is { } state) stateful.LoadStateDict(state);
        }

        var unknown = states.Keys.Where(key => !Callbacks.Any(callback => CallbackKeys.Fits(key, callback))).ToList();
        if (unknown.Count > 0)
            Messages.Warn(MessageId.UnknownCallbackState, $"{ResumedFrom} holds state of callbacks that this Trainer does not have: {string.Join(", ", unknown)}. Add them to continue exactly.");
    }

    /// <summary>Position, optimizers and schedulers: after they exist.</summary>
    private void RestoreTraining()
    {
        if (!IsResuming || _loaded is null || _resume is null) return;
        if (_resume.Position) RestorePosition();
        if (_resume.Optimizers) RestoreOptimizers();
        if (_resume.Schedulers) RestoreSchedulers();
    }

    private void RestorePosition()
    {
        if (OwnState() is { } own)
        {
            Progress = RunState.ReadProgress(own);
            Limits.UsedBefore = TimeSpan.FromSeconds(StateValue.Double(own, "elapsed_seconds"));
            if (RunState.Differences(own).ToList() is { Count: > 0 } differences)
                Messages.Warn(MessageId.InexactResume, $"Training continues correctly, but not bit for bit as without the interruption: {string.Join(", ", differences)}.");
            var steps = StateValue.List(own.GetValueOrDefault("optimizer_steps"));
            for (var i = 0; i < Math.Min(steps.Count, _optimizers.Length); i++) _optimizers[i].StepCount = Convert.ToInt64(steps[i], System.Globalization.CultureInfo.InvariantCulture);
            RewindLoggers(own);
        }
        else if (LightningPosition.TryRead(_loaded!, out var progress)) // RestoreTraining looked
        {
            Progress = progress;
            foreach (var optimizer in _optimizers) optimizer.StepCount = progress.GlobalStep / Math.Max(1, _optimizers.Length);
        }

        if (Limits.MaxEpochs is { } limit && Progress.Epoch > limit)
        {
            throw new MisconfigurationException(
                $"{ResumedFrom} was written in epoch {Progress.Epoch}, but {nameof(TrainerOptions.MaxEpochs)} = {limit}. Raise {nameof(TrainerOptions.MaxEpochs)} to train on.");
        }
    }

    private void RewindLoggers(IReadOnlyDictionary<string, object?> own)
    {
        var states = StateValue.List(own.GetValueOrDefault("logger_rows"));
        for (var i = 0; i < Math.Min(states.Count, Loggers.Count); i++)
        {
            if (Loggers[i] is IStateful stateful && StateValue.Map(states[i]) is { } state) stateful.LoadStateDict(state);
        }

        if (RunDirectory is null || StateValue.Text(own, "run_directory") != RunDirectory) return;
        var logged = (BatchPhase)StateValue.Long(own, "phase") is BatchPhase.Logged or BatchPhase.Validated; // rows of this step are there and stay
        _loggers.RewindTo(Progress.StepBatches + (logged ? 1 : 0));
    }

    private void RestoreOptimizers()
    {
        var states = StateValue.List(_loaded!["optimizer_states"]); // OpenCheckpoint checked the key
        if (states.Count != _optimizers.Length)
        {
            throw new CheckpointException(
                $"{ResumedFrom} holds the state of {states.Count} optimizer(s), but ConfigureOptimizers returned {_optimizers.Length}. Return the same ones, or resume with {{ Optimizers = false }}.");
        }

        for (var i = 0; i < states.Count; i++)
        {
            OptimizerState.Load(_optimizers[i].Optimizer, StateValue.Map(states[i]) ?? throw new CheckpointException($"{ResumedFrom}: optimizer_states[{i}] is not a dictionary."));
            if (OptimizerState.LimitationOf(_optimizers[i].Optimizer) is { } limitation) Messages.Warn(MessageId.InexactResume, limitation);
        }
    }

    private void RestoreSchedulers()
    {
        var states = StateValue.List(_loaded!.GetValueOrDefault("lr_schedulers"));
        var schedulers = Schedulers;
        if (states.Count != schedulers.Count)
        {
            throw new CheckpointException(
                $"{ResumedFrom} holds the state of {states.Count} scheduler(s), but ConfigureOptimizers returned {schedulers.Count}. Return the same ones, or resume with {{ Schedulers = false }}.");
        }

        for (var i = 0; i < states.Count; i++)
        {
            if (StateValue.Map(states[i]) is { } state) schedulers[i].Scheduler.LoadStateDict(state);
        }
    }

    /// <summary>Our own entry of the checkpoint that is being resumed; null for a file of Python's.</summary>
    internal IReadOnlyDictionary<string, object?>? OwnState() => _own ??= RunStateFormat.Upgrade(
        StateValue.Map(_loaded?.GetValueOrDefault(Checkpointer.OwnKey)), problem => Messages.Warn(MessageId.InexactResume, $"{ResumedFrom}: {problem}."));

    /// <summary>Puts the random generator where it was, unless the user wants it left alone.</summary>
    internal void RestoreRandom()
    {
        if (_resume is not { Random: true } || OwnState()?.GetValueOrDefault("rng") is not Tensor state) return;
        Native.NativeChecks.RequireRandomState(state);
        random.set_rng_state(state);
    }

    /// <summary>Values of the epoch that goes on, metric objects before anything updates them.</summary>
    internal void RestoreMetrics(IReadOnlyDictionary<string, object?> own)
    {
        var module = Module!.Module; // a run has a module
        MetricParts.Load(module, StateValue.Map(own.GetValueOrDefault("metric_objects")));
        Metrics.Load(StateValue.List(own.GetValueOrDefault("metrics")), path => MetricParts.Find(module, path));
        Metrics.Callback.SetNumbers(StateValue.Map(own.GetValueOrDefault("callback_metrics")));
        Metrics.Logged.SetNumbers(StateValue.Map(own.GetValueOrDefault("logged_metrics")));
    }

    /// <summary>Gradients of a window that was not finished.</summary>
    internal void RestoreGradients(IReadOnlyDictionary<string, object?>? gradients)
    {
        if (gradients is null) return;
        foreach (var (name, parameter) in Module!.Module.named_parameters()) // a run has a module
        {
            if (gradients.GetValueOrDefault(name) is Tensor gradient) parameter.grad = gradient.to(parameter.device).clone().DetachFromDisposeScope();
        }
    }

    /// <summary>The state of the precision: while training as it is, else as the latest training left it.</summary>
    internal IReadOnlyDictionary<string, object?> PrecisionState => EntryStage == Stage.Fit ? Running.Precision.StateDict() : _precisionState ?? new Dictionary<string, object?>();

    // The loss scale belongs to the weights: a second Fit goes on with it, whatever is validated in between.
    private void EndEngines()
    {
        if (EntryStage == Stage.Fit && Running.Precision.StateDict() is { Count: > 0 } state) _precisionState = state;
        Running.Dispose();
    }

    private void RestorePrecision()
    {
        var saved = IsResuming ? StateValue.Map(_loaded?.GetValueOrDefault(Checkpointer.PrecisionKey)) : null;
        if ((saved ?? _precisionState) is { } state) Running.Precision.LoadStateDict(state);
    }

    internal void CloseCheckpoint()
    {
        CloseLoaded();
        Frozen?.Dispose();
        (Frozen, IsResuming) = (null, false);
    }
}
