using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using LightningSharp.Loops;

namespace LightningSharp.Callbacks;

/// <summary>
/// Saves checkpoints while training: the best by a monitored metric, the latest, every so often. The rules are Lightning's. The constructor takes the same
/// arguments; <see cref="Best"/>, <see cref="Latest"/> and <see cref="Periodic"/> name the usual policies.
/// </summary>
/// <example><code>Callbacks = [ModelCheckpoint.Best("val_acc", MonitorMode.Max, k: 3)]</code></example>
public sealed partial class ModelCheckpoint : Callback, IStateful
{
    private readonly CheckpointRanking _ranking = new();
    private long _lastGlobalStepSaved = -1;
    private long _lastBatchesSaved = -1;
    private long _lastTime;
    private long _stepBefore;
    private bool _isDirected; // Auto was decided by the logged metric
    private bool _deferred;
    private bool _lastSaved; // last.ckpt, in this run
    private double _secondsBefore;
    private int _latest; // of Latest(k)
    private bool _eventsOnly;
    private string _policy = string.Empty; // part of the key, of policies that Lightning has not
    private IntervalClock? _interval;
    private string? _lastPath;
    private string? _bestLink;
    private bool _lossSaid; // that the weights are NaN

    /// <summary>Folder of the files.</summary>
    /// <value>Default: <c>checkpoints</c> in the run's folder.</value>
    public string? DirPath { get; init; }

    /// <summary>Template of the names, without extension; see <c>docs/checkpoints.md</c>.</summary>
    /// <value>Default: <c>{epoch}-{step}</c>.</value>
    /// <exception cref="ArgumentException">A brace is not closed.</exception>
    public string? Filename
    {
        get;
        init
        {
            if (value is not null) _ = CheckpointName.Fill(value, new Dictionary<string, double>(), insertNames: true);
            field = value;
        }
    }

    /// <summary>The logged value that decides which files are kept; null keeps the latest.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether less or more of the monitored value is better. <see cref="MonitorMode.Auto"/> asks the logged metric object.</summary>
    /// <value>Default: <see cref="MonitorMode.Min"/>.</value>
    public MonitorMode Mode { get; init; } = MonitorMode.Min;

    /// <summary>How many files to keep; -1 all, 0 none.</summary>
    /// <value>Default: 1.</value>
    public int SaveTopK { get; init; } = 1;

    /// <summary>Keep <c>best.ckpt</c> as a second name of the best file: it survives when the other name is deleted, and a crash leaves the old or the new one.</summary>
    /// <value>Default: false.</value>
    public bool LinkBest { get; init; }

    /// <summary>Whether to keep <c>last.ckpt</c> as well.</summary>
    /// <value>Default: <see cref="Callbacks.SaveLast.None"/>.</value>
    public SaveLast SaveLast { get; init; }

    /// <summary>Save when the run ends with an exception, too.</summary>
    /// <value>Default: false. Runs that are cancelled or whose time is up are saved, see <see cref="Events"/>.</value>
    public bool SaveOnException { get => Events.HasFlag(CheckpointEvents.Exception); init => Events = value ? Events | CheckpointEvents.Exception : Events & ~CheckpointEvents.Exception; }

    /// <summary>What besides epochs, steps and time makes it save.</summary>
    /// <value>Default: <see cref="CheckpointEvents.Canceled"/> and <see cref="CheckpointEvents.TimeUp"/>.</value>
    public CheckpointEvents Events { get; init; } = CheckpointEvents.Canceled | CheckpointEvents.TimeUp;

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

    /// <summary>Save this often, in any unit: batches, samples, a part of an epoch or of the run. Epochs, steps and time are the three options above.</summary>
    public Every? SaveEvery
    {
        get;
        init => (field, EveryNEpochs, EveryNTrainSteps, TrainTimeInterval) = value switch
        {
            { IsValid: false } => throw new ArgumentOutOfRangeException(nameof(SaveEvery), value, $"SaveEvery = {value}: expected a positive number of batches, steps, epochs, samples or seconds, or a fraction above 0, up to 1."),
            { Unit: EveryUnit.Epochs } every => (null, (int)every.Amount, EveryNTrainSteps, TrainTimeInterval),
            { Unit: EveryUnit.Steps } every => (null, EveryNEpochs, (int)every.Amount, TrainTimeInterval),
            { Unit: EveryUnit.Time } every => (null, EveryNEpochs, EveryNTrainSteps, (TimeSpan?)TimeSpan.FromSeconds(every.Amount)),
            _ => (value, EveryNEpochs, EveryNTrainSteps, TrainTimeInterval),
        };
    }

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

    /// <summary>Delete this callback's files when training ends by itself: they were only there to go on after an interruption.</summary>
    /// <value>Default: false. Runs that are cancelled, run out of time or memory, or throw keep them.</value>
    public bool DeleteWhenDone { get; init; }

    /// <summary>A failed save (disk full, no permission) ends training; false goes on, with a warning, and tries again at the next occasion.</summary>
    /// <value>Default: false.</value>
    public bool FailOnSaveError { get; init; }

    /// <summary>Save also when a weight is NaN or infinite.</summary>
    /// <value>Default: false. Such a state replaces neither the best nor the last file; a warning names the weight.</value>
    public bool SaveNonFinite { get; init; }

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
        $"ModelCheckpoint{{'monitor': {(Monitor is null ? "None" : $"'{Monitor}'")}, 'mode': '{MonitorDirection.Text(Mode)}', 'every_n_train_steps': {Steps}, 'every_n_epochs': {Epochs}, 'train_time_interval': {(TrainTimeInterval is { } time ? $"'{time}'" : "None")}{(SaveEvery is { } interval ? $", 'save_every': '{interval}'" : string.Empty)}{_policy}}}");

    private int Steps => EveryNTrainSteps ?? 0;

    // Latest(k) ranks by step: the newest is the best.
    private int KeepAtMost => _latest > 1 ? _latest : SaveTopK;

    private int Epochs => _eventsOnly ? 0 : EveryNEpochs ?? (EveryNTrainSteps is null && TrainTimeInterval is null && SaveEvery is null ? 1 : 0);

    /// <inheritdoc/>
    /// <remarks>Files of earlier runs stay where they are.</remarks>
    public override void OnReset()
    {
        _ranking.Clear();
        (_lastGlobalStepSaved, _lastBatchesSaved, _lastTime, _stepBefore, _secondsBefore) = (-1, -1, 0, 0, 0);
        (_isDirected, _deferred, _lastSaved, _lossSaid) = (false, false, false, false);
        (_lastPath, _bestLink, LastModelPath, Directory, _interval) = (null, null, null, null, null);
        _failedSaves.Clear();
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        Require();
        var folder = ResolveDirectory(context.Trainer);
        if (folder != Directory) (_lastPath, _bestLink) = (null, null);
        Directory = folder;
        _isDirected = false;
        _ranking.Configure(_latest > 1 || Mode == MonitorMode.Max ? MonitorMode.Max : MonitorMode.Min, KeepAtMost);
        DurableFile.Default.RemoveLeftovers(Directory);
        if (SaveTopK != 0 && System.IO.Directory.Exists(Directory) && !context.Trainer.IsResuming && System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
            context.Trainer.Messages.Warn(MessageId.DirectoryNotEmpty, $"The checkpoint folder {Directory} exists and is not empty.");
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        _lastTime = Stopwatch.GetTimestamp() - (long)(_secondsBefore * Stopwatch.Frequency);
        _lastSaved = false;
        _interval = SaveEvery is { } every ? new(context.Trainer, every) : null;
        _interval?.Start();
        _stepBefore = context.Trainer.GlobalStep;
    }

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var trainer = context.Trainer;
        var stepBefore = _stepBefore;
        _stepBefore = trainer.GlobalStep;
        var byInterval = _interval?.IsDue(trainer.IsLastBatch) == true;
        _interval?.Advance();
        if (ShouldSkip(trainer)) return;
        var byStep = Steps > 0 && trainer.GlobalStep / Steps > stepBefore / Steps; // several optimizers may step over a multiple
        var byTime = TrainTimeInterval is { } interval && Stopwatch.GetElapsedTime(_lastTime) >= interval;
        if (!byStep && !byTime && !byInterval) return;
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
        if (SavesAtEnd(trainer.StopReason)) SaveInterrupted(trainer);
        else if (SaveLast != SaveLast.None && !_lastSaved && !trainer.Options.FastDevRun.IsOn && Directory is not null) SaveLastAtEnd(trainer);
        trainer.FinishSaves();
        if (RestoreBest && BestModelPath is { } best && File.Exists(best)) trainer.LoadWeights(best);
        if (DeleteWhenDone && (trainer.StopReason is StopReason.MaxEpochs or StopReason.MaxSteps or StopReason.MaxDuration or StopReason.Requested)) DeleteAll(trainer);
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        if (!SaveOnException || ShouldSkip(context.Trainer) || context.Trainer.Progress.BatchesSeen == 0) return;
        SaveInterrupted(context.Trainer);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        var state = _ranking.StateDict(Monitor, Directory);
        state["last_model_path"] = LastModelPath ?? string.Empty;
        state["last_path"] = _lastPath;
        state["best_link"] = _bestLink;
        state["last_global_step_saved"] = _lastGlobalStepSaved;
        state["deferred"] = _deferred;
        state["seconds_since_save"] = _lastTime == 0 ? 0 : Stopwatch.GetElapsedTime(_lastTime).TotalSeconds;
        return state;
    }

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var sameFolder = StateValue.Text(state, "dirpath") is not { } folder || Directory is null || Path.GetFullPath(folder) == Path.GetFullPath(Directory);
        _ranking.LoadStateDict(state, everything: sameFolder);
        _deferred = state.GetValueOrDefault("deferred") is true;
        _secondsBefore = StateValue.Double(state, "seconds_since_save");
        if (sameFolder) _lastGlobalStepSaved = StateValue.Long(state, "last_global_step_saved", -1);
        if (!sameFolder) return;
        if (StateValue.Text(state, "last_model_path") is { Length: > 0 } last) LastModelPath = last;
        _lastPath = Mine(StateValue.Text(state, "last_path") ?? LastModelPath);
        _bestLink = Mine(StateValue.Text(state, "best_link"));
    }

    // A file may be somebody else's: nothing outside of the folder is ever written to.
    private string? Mine(string? path) => path is not null && Directory is not null && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.GetFullPath(Directory) ? path : null;

    private void Require()
    {
        var problems = new List<string>();
        if (SaveTopK < -1) problems.Add($"{nameof(SaveTopK)} = {SaveTopK}: expected -1 (all), 0 (none) or a number");
        if (!Enum.IsDefined(Mode)) problems.Add($"{nameof(Mode)} = {(int)Mode}: expected Min, Max or Auto");
        if (EveryNTrainSteps < 0) problems.Add($"{nameof(EveryNTrainSteps)} = {EveryNTrainSteps}: expected 0 or more");
        if (EveryNEpochs < 0) problems.Add($"{nameof(EveryNEpochs)} = {EveryNEpochs}: expected 0 or more");
        if (TrainTimeInterval < TimeSpan.Zero) problems.Add($"{nameof(TrainTimeInterval)} = {TrainTimeInterval}: expected a time");
        if ((Steps > 0 ? 1 : 0) + (EveryNEpochs > 0 ? 1 : 0) + (TrainTimeInterval is null ? 0 : 1) + (SaveEvery is null ? 0 : 1) > 1)
            problems.Add($"{nameof(EveryNTrainSteps)}, {nameof(EveryNEpochs)}, {nameof(TrainTimeInterval)} and {nameof(SaveEvery)} exclude each other: give one, or use two {nameof(ModelCheckpoint)}s");
        if (Monitor is null && SaveTopK is not (-1 or 0 or 1))
            problems.Add($"{nameof(SaveTopK)} = {SaveTopK} without {nameof(Monitor)}: only -1, 0 and 1 make sense then. Set {nameof(Monitor)} to the key of a logged value");
        if (problems.Count > 0) throw new MisconfigurationException($"{nameof(ModelCheckpoint)} cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    private string ResolveDirectory(Trainer trainer)
    {
        if (DirPath is { } given) return Path.GetFullPath(Trainer.ExpandHome(given));
        if (trainer.Loggers.Count == 0) return Path.Combine(Path.GetFullPath(Trainer.ExpandHome(trainer.Options.DefaultRootDir ?? ".")), "checkpoints");
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

    private bool SavesAtEnd(StopReason reason) => Events.HasFlag(CheckpointEvents.TrainEnd)
        || (reason is StopReason.Canceled or StopReason.MemoryLimit or StopReason.Controlled && Events.HasFlag(CheckpointEvents.Canceled)) || (reason == StopReason.MaxTime && Events.HasFlag(CheckpointEvents.TimeUp));
}
