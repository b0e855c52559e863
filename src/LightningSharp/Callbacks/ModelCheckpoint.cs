using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;

namespace LightningSharp.Callbacks;

/// <summary>
/// Saves checkpoints while training: the best by a monitored metric, the latest, every so often. The rules are Lightning's. The constructor takes the same
/// arguments; <see cref="Best"/>, <see cref="Latest"/> and <see cref="Periodic"/> name the usual policies.
/// </summary>
/// <example><code>Callbacks = [ModelCheckpoint.Best("val_acc", MonitorMode.Max, k: 3)]</code></example>
public sealed class ModelCheckpoint : Callback, IStateful
{
    private readonly CheckpointRanking _ranking = new();
    private long _lastGlobalStepSaved = -1;
    private long _lastTime;
    private bool _deferred;

    /// <summary>Folder of the files.</summary>
    /// <value>Default: <c>checkpoints</c> in the run's folder.</value>
    public string? DirPath { get; init; }

    /// <summary>Template of the names, without extension; see <c>docs/checkpoints.md</c>.</summary>
    /// <value>Default: <c>{epoch}-{step}</c>.</value>
    public string? Filename { get; init; }

    /// <summary>The logged value that decides which files are kept; null keeps the latest.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether less or more of the monitored value is better.</summary>
    /// <value>Default: <see cref="MonitorMode.Min"/>.</value>
    public MonitorMode Mode { get; init; } = MonitorMode.Min;

    /// <summary>How many files to keep; -1 all, 0 none.</summary>
    /// <value>Default: 1.</value>
    public int SaveTopK { get; init; } = 1;

    /// <summary>Whether to keep <c>last.ckpt</c> as well.</summary>
    /// <value>Default: <see cref="Callbacks.SaveLast.None"/>.</value>
    public SaveLast SaveLast { get; init; }

    /// <summary>Save when the run ends with an exception.</summary>
    /// <value>Default: false. Cancelled runs are always saved.</value>
    public bool SaveOnException { get; init; }

    /// <summary>Leave out optimizers, schedulers and callbacks.</summary>
    /// <value>Default: false.</value>
    public bool SaveWeightsOnly { get; init; }

    /// <summary>Write <c>val_loss=0.12</c> into names instead of <c>0.12</c>.</summary>
    /// <value>Default: true.</value>
    public bool AutoInsertMetricName { get; init; } = true;

    /// <summary>Save after every n optimizer steps.</summary>
    public int? EveryNTrainSteps { get; init; }

    /// <summary>Save after this much time.</summary>
    public TimeSpan? TrainTimeInterval { get; init; }

    /// <summary>Save after every n epochs.</summary>
    /// <value>Default: 1 when no other trigger is given.</value>
    public int? EveryNEpochs { get; init; }

    /// <summary>Save at the end of the training epoch (true) or of validation (false).</summary>
    /// <value>Default (null): at the end of the training epoch when there is one validation per epoch, otherwise after validation.</value>
    public bool? SaveOnTrainEpochEnd { get; init; }

    /// <summary>A file that exists is kept, and the new one gets <c>-v1</c>, <c>-v2</c> …; false overwrites.</summary>
    /// <value>Default: true.</value>
    public bool EnableVersionCounter { get; init; } = true;

    /// <summary>Say on the console what was saved.</summary>
    public bool Verbose { get; init; }

    /// <summary>Load the best weights into the model when training ends.</summary>
    public bool RestoreBest { get; init; }

    /// <summary>A failed save (disk full, no permission) ends training; false goes on, with a warning, and tries again at the next occasion.</summary>
    /// <value>Default: false.</value>
    public bool FailOnSaveError { get; init; }

    /// <summary>The best file so far, or the latest without a monitor.</summary>
    public string? BestModelPath => _ranking.BestPath;

    /// <summary>Its score.</summary>
    public double? BestModelScore => _ranking.BestScore;

    /// <summary>The kept files and their scores.</summary>
    public IReadOnlyDictionary<string, double> BestKModels => _ranking.Kept;

    /// <summary>The worst of the kept files.</summary>
    public string? KthBestModelPath => _ranking.WorstPath;

    /// <summary>The score that a new file must beat once as many as wanted are kept; infinite before.</summary>
    public double KthValue => _ranking.KthValue;

    /// <summary>The score of the latest save.</summary>
    public double? CurrentScore => _ranking.CurrentScore;

    /// <summary>The file <c>last.ckpt</c>.</summary>
    public string? LastModelPath { get; private set; }

    /// <summary>Saves that failed, with the reason.</summary>
    public IReadOnlyList<string> FailedSaves => _failedSaves;

    private readonly List<string> _failedSaves = [];

    /// <summary>The folder in use; null before a run.</summary>
    public string? Directory { get; private set; }

    /// <inheritdoc/>
    public override bool Monitors => true;

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override string StateKey => string.Create(CultureInfo.InvariantCulture,
        $"ModelCheckpoint{{'monitor': {(Monitor is null ? "None" : $"'{Monitor}'")}, 'mode': '{(Mode == MonitorMode.Min ? "min" : "max")}', 'every_n_train_steps': {Steps}, 'every_n_epochs': {Epochs}, 'train_time_interval': {(TrainTimeInterval is { } time ? $"'{time}'" : "None")}}}");

    private int Steps => EveryNTrainSteps ?? 0;

    private int Epochs => EveryNEpochs ?? (EveryNTrainSteps is null && TrainTimeInterval is null ? 1 : 0);

    /// <summary>Keeps the best <paramref name="k"/> files by a metric.</summary>
    public static ModelCheckpoint Best(string monitor, MonitorMode mode = MonitorMode.Min, int k = 1) => new() { Monitor = monitor, Mode = mode, SaveTopK = k };

    /// <summary>Keeps the latest file, saved at every epoch's end.</summary>
    public static ModelCheckpoint Latest() => new();

    /// <summary>Saves every so often (epochs, steps, time) and keeps all files.</summary>
    public static ModelCheckpoint Periodic(Every every) => every.Unit switch
    {
        EveryUnit.Epochs => new() { EveryNEpochs = (int)every.Amount, SaveTopK = -1 },
        EveryUnit.Steps => new() { EveryNTrainSteps = (int)every.Amount, SaveTopK = -1 },
        EveryUnit.Time => new() { TrainTimeInterval = TimeSpan.FromSeconds(every.Amount), SaveTopK = -1 },
        _ => throw new ArgumentException($"Checkpoints can be saved every n epochs, steps or seconds; received {every}.", nameof(every)),
    };

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        Require();
        Directory = ResolveDirectory(context.Trainer);
        _ranking.Configure(Mode, SaveTopK);
        if (SaveTopK != 0 && System.IO.Directory.Exists(Directory) && !context.Trainer.IsResuming && System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
            context.Trainer.Messages.Warn(MessageId.DirectoryNotEmpty, $"The checkpoint folder {Directory} exists and is not empty.");
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => _lastTime = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var trainer = context.Trainer;
        if (ShouldSkip(trainer)) return;
        var byStep = Steps > 0 && trainer.GlobalStep > 0 && trainer.GlobalStep % Steps == 0;
        var byTime = TrainTimeInterval is { } interval && Stopwatch.GetElapsedTime(_lastTime) >= interval;
        if (!byStep && !byTime) return;
        if (byTime) _lastTime = Stopwatch.GetTimestamp();

        // A metric that is not there yet, or that the validation right after this batch will renew: wait for it.
        var validationFollows = trainer.IsLastBatch && trainer.EnableValidation && !SavesOnTrainEpochEnd(trainer) && trainer.Options.CheckValEveryNEpoch == 1;
        _deferred = Monitor is not null && trainer.EnableValidation && (!trainer.CallbackMetrics.ContainsKey(Monitor) || validationFollows);
        if (!_deferred) Save(context.Trainer);
    }

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context)
    {
        var trainer = context.Trainer;
        if (ShouldSkip(trainer)) return;
        if (_deferred)
        {
            _deferred = false;
            Save(trainer);
            return;
        }

        if (SavesOnTrainEpochEnd(trainer)) return;
        SaveForEpoch(trainer);
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (ShouldSkip(context.Trainer) || !SavesOnTrainEpochEnd(context.Trainer)) return;
        SaveForEpoch(context.Trainer);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context)
    {
        var trainer = context.Trainer;
        if (trainer.StopReason == StopReason.Canceled) SaveInterrupted(trainer);
        trainer.CheckpointIO.Wait();
        if (RestoreBest && BestModelPath is { } best && File.Exists(best)) trainer.LoadWeights(best);
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        if (!SaveOnException || ShouldSkip(context.Trainer) || Directory is null) return;
        SaveInterrupted(context.Trainer);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        var state = _ranking.StateDict(Monitor, Directory);
        state["last_model_path"] = LastModelPath ?? string.Empty;
        return state;
    }

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var sameFolder = StateValue.Text(state, "dirpath") is not { } folder || Directory is null || Path.GetFullPath(folder) == Path.GetFullPath(Directory);
        _ranking.LoadStateDict(state, everything: sameFolder);
        if (sameFolder && StateValue.Text(state, "last_model_path") is { Length: > 0 } last) LastModelPath = last;
    }

    private void Require()
    {
        var problems = new List<string>();
        if (SaveTopK < -1) problems.Add($"{nameof(SaveTopK)} = {SaveTopK}: expected -1 (all), 0 (none) or a number");
        if (EveryNTrainSteps < 0) problems.Add($"{nameof(EveryNTrainSteps)} = {EveryNTrainSteps}: expected 0 or more");
        if (EveryNEpochs < 0) problems.Add($"{nameof(EveryNEpochs)} = {EveryNEpochs}: expected 0 or more");
        if (TrainTimeInterval < TimeSpan.Zero) problems.Add($"{nameof(TrainTimeInterval)} = {TrainTimeInterval}: expected a time");
        if ((Steps > 0 ? 1 : 0) + (EveryNEpochs > 0 ? 1 : 0) + (TrainTimeInterval is null ? 0 : 1) > 1)
            problems.Add($"{nameof(EveryNTrainSteps)}, {nameof(EveryNEpochs)} and {nameof(TrainTimeInterval)} exclude each other: give one, or use two {nameof(ModelCheckpoint)}s");
        if (Monitor is null && SaveTopK is not (-1 or 0 or 1))
            problems.Add($"{nameof(SaveTopK)} = {SaveTopK} without {nameof(Monitor)}: only -1, 0 and 1 make sense then. Set {nameof(Monitor)} to the key of a logged value");
        if (problems.Count > 0) throw new MisconfigurationException($"{nameof(ModelCheckpoint)} cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    private string ResolveDirectory(Trainer trainer)
    {
        if (DirPath is { } given) return Path.GetFullPath(Trainer.ExpandHome(given));
        return Path.Combine(trainer.RunDirectory ?? Path.GetFullPath(Trainer.ExpandHome(trainer.Options.DefaultRootDir ?? ".")), "checkpoints");
    }

    private bool ShouldSkip(Trainer trainer)
        => trainer.Options.FastDevRun.IsOn || trainer.EntryStage != Stage.Fit || trainer.Stage == Stage.SanityCheck || _lastGlobalStepSaved == trainer.GlobalStep;

    private bool SavesOnTrainEpochEnd(Trainer trainer)
    {
        if (SaveOnTrainEpochEnd is { } chosen) return chosen;
        var options = trainer.Options;
        if (options.ValCheckInterval.Unit == EveryUnit.Time || options.CheckValEveryNEpoch != 1) return false;
        return !trainer.EnableValidation || options.ValCheckInterval == Every.Fraction(1.0);
    }

    private void SaveForEpoch(Trainer trainer)
    {
        if (Epochs >= 1 && (trainer.CurrentEpoch + 1) % Epochs == 0) Save(trainer);
        else if (SaveLast != SaveLast.None && _ranking.LatestPath is not null) SaveLastFile(trainer, Candidates(trainer));
    }

    private void Save(Trainer trainer)
    {
        var values = Candidates(trainer);
        if (SaveTopK != 0)
        {
            if (Monitor is null) SaveLatest(trainer, values);
            else if (HasMonitor(trainer, values)) SaveIfBest(trainer, values);
        }

        if (SaveLast != SaveLast.None) SaveLastFile(trainer, values);
    }

    private bool HasMonitor(Trainer trainer, Dictionary<string, double> values)
    {
        if (values.ContainsKey(Monitor!)) return true; // called only with a monitor
        var message = $"{nameof(ModelCheckpoint)} monitors '{Monitor}', which has not been logged. Available: {string.Join(", ", trainer.CallbackMetrics.Keys)}. "
            + $"Log it (Log(\"{Monitor}\", …)), or correct {nameof(Monitor)}.";
        if (trainer.Progress.Validations > 0 || !trainer.EnableValidation) throw new MisconfigurationException(message);
        trainer.Messages.Warn(MessageId.MissingMetric, message);
        return false;
    }

    private void SaveIfBest(Trainer trainer, Dictionary<string, double> values)
    {
        var score = values[Monitor!]; // HasMonitor said so
        if (!_ranking.IsAmongBest(score))
        {
            if (Verbose) trainer.Messages.Inform(MessageId.Information, $"Epoch {trainer.CurrentEpoch}, global step {trainer.GlobalStep}: '{Monitor}' was not in top {SaveTopK}");
            return;
        }

        var displaced = _ranking.MakeRoom();
        var path = FreePath(values, displaced);
        _ranking.Add(path, score);
        if (Verbose)
        {
            trainer.Messages.Inform(
                MessageId.Information,
                string.Create(CultureInfo.InvariantCulture, $"Epoch {trainer.CurrentEpoch}, global step {trainer.GlobalStep}: '{Monitor}' reached {score:0.00000} (best {_ranking.BestScore:0.00000}), saving model to '{path}' as top {SaveTopK}"));
        }

        if (!Write(trainer, path, () => Remove(trainer, displaced, path))) _ranking.Forget(path, displaced);
    }

    private void SaveLatest(Trainer trainer, Dictionary<string, double> values)
    {
        var previous = _ranking.LatestPath;
        var path = FreePath(values, previous);
        _ranking.SetLatest(path);
        if (!Write(trainer, path, () => Remove(trainer, SaveTopK == 1 ? previous : null, path))) _ranking.SetLatest(previous);
    }

    private void SaveLastFile(Trainer trainer, Dictionary<string, double> values)
    {
        var previous = LastModelPath;
        var path = Path.Combine(Directory!, "last.ckpt"); // set in Setup
        for (var version = 1; EnableVersionCounter && File.Exists(path) && path != previous; version++) path = Path.Combine(Directory!, $"last-v{version}.ckpt");
        LastModelPath = path;
        if (SaveLast == SaveLast.Link && _ranking.LatestPath is { } latest && File.Exists(latest)) DurableFile.Default.Link(latest, path);
        else Write(trainer, path, null);
        Remove(trainer, previous, path);
    }

    private void SaveInterrupted(Trainer trainer)
    {
        if (_lastGlobalStepSaved == trainer.GlobalStep || Directory is null) return;
        if (Monitor is null && SaveTopK != 0) SaveLatest(trainer, Candidates(trainer));
        else SaveLastFile(trainer, Candidates(trainer));
    }

    private static Dictionary<string, double> Candidates(Trainer trainer)
    {
        var values = trainer.Metrics.Callback.Snapshot();
        values.TryAdd("epoch", trainer.CurrentEpoch);
        values.TryAdd("step", trainer.GlobalStep);
        return values;
    }

    private string FreePath(Dictionary<string, double> values, string? replaced)
    {
        var name = CheckpointName.Fill(Filename ?? "{epoch}-{step}", values, AutoInsertMetricName);
        var path = Path.Combine(Directory!, name + ".ckpt"); // set in Setup
        for (var version = 1; EnableVersionCounter && File.Exists(path) && path != replaced; version++) path = Path.Combine(Directory!, $"{name}-v{version}.ckpt");
        return path;
    }

    private bool Write(Trainer trainer, string path, Action? saved)
    {
        try
        {
            trainer.SaveCheckpoint(path, SaveWeightsOnly, saved);
            _lastGlobalStepSaved = trainer.GlobalStep;
            return true;
        }
        catch (CheckpointException exception) when (!FailOnSaveError)
        {
            _failedSaves.Add($"{path}: {exception.Message}");
            trainer.Messages.Warn(MessageId.CheckpointFailed, $"A checkpoint could not be saved and training goes on: {exception.Message}");
            return false;
        }
    }

    private void Remove(Trainer trainer, string? path, string current)
    {
        if (path is null || path == current || (trainer.ResumedFrom is { } resumed && Path.GetFullPath(path) == Path.GetFullPath(resumed))) return;
        var folder = Path.GetFullPath(Directory!) + Path.DirectorySeparatorChar; // set in Setup
        if (Path.GetFullPath(path).StartsWith(folder, StringComparison.Ordinal)) trainer.CheckpointIO.Remove(path);
    }
}
