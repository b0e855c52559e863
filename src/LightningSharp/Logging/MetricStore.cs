using LightningSharp.Checkpointing;
using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>
/// Owns what was logged: by hook and key while a loop runs, and as three views (callbacks, loggers, progress line) of the latest values.
/// Only <c>Log</c> and the loops write here. Values stay on their device until somebody reads them.
/// </summary>
internal sealed partial class MetricStore(Trainer trainer) : IDisposable
{
    /// <summary>The loader of what is logged outside of any loader's batches: it belongs to all of them.</summary>
    public const int NoLoader = -1;

    private const int MostNames = 10_000;
    private readonly ResultSet _training = new();
    private readonly ResultSet _evaluation = new();
    private readonly Dictionary<string, bool> _directions = [];
    private ResultSet _active = new();
    private readonly Dictionary<(HookId Hook, string Name), IReadOnlyDictionary<string, object?>> _restored = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private HookId _lastHook;
    private BatchView? _batch;
    private string _suffix = string.Empty;
    private int _loader;
    private bool _evaluating;
    private bool _epochEnd = true; // true outside of batches: epoch values are current
    private bool _firstBatch;
    private bool _saidAmbiguous;
    private (HookId LastHook, BatchView? Batch, bool EpochEnd, bool FirstBatch) _suspended;

    public MetricView Callback { get; } = new();

    public MetricView Logged { get; } = new();

    public MetricView ProgressBar { get; } = new();

    /// <summary>What went to the loggers so far, and what was logged since: step values within a batch, epoch values at the end.</summary>
    public MetricView LoggedNow()
    {
        if (trainer.EntryStage == Stage.Idle || trainer.Stage == Stage.SanityCheck) return Logged;
        foreach (var entry in _active.Entries)
        {
            if (!entry.HasValue || !entry.Options.Logger) continue;
            if (_epochEnd && entry.Options.OnEpoch) Logged.SetNumber(entry.EpochKey, entry.Epoch.Read());
            else if (!_epochEnd && entry.Options.OnStep) Logged.SetNumber(entry.StepKey, entry.Step.Read());
        }

        return Logged;
    }

    /// <summary>Whether more is better for a logged metric object; null when it does not say, or a plain value was logged.</summary>
    public bool? HigherIsBetter(string key) => _directions.TryGetValue(key, out var better) ? better : null;

    /// <summary>Forces the path for accelerators, in tests on the CPU.</summary>
    public bool DeferReads { get; init; }

    /// <summary>Forgets everything: at the start of an entry point.</summary>
    public void Clear()
    {
        _training.Clear();
        _evaluation.Clear();
        Callback.Clear();
        Logged.Clear();
        ProgressBar.Clear();
        _names.Clear();
    }

    public void BeginTraining() => (_active, _evaluating, _suffix, _loader, _epochEnd) = (_training, false, string.Empty, 0, true);

    public void BeginEvaluation()
    {
        _evaluation.Clear();
        (_active, _evaluating, _epochEnd, _suffix, _loader) = (_evaluation, true, true, string.Empty, NoLoader);
    }

    /// <summary>Training waits while a validation run uses the store.</summary>
    public void Suspend() => _suspended = (_lastHook, _batch, _epochEnd, _firstBatch);

    public void Resume()
    {
        BeginTraining();
        (_lastHook, _batch, _epochEnd, _firstBatch) = _suspended;
    }

    /// <summary>With several loaders: which one the next batches come from, and what its keys end in.</summary>
    public void SelectLoader(int index, string suffix) => (_loader, _suffix) = (index, suffix);

    /// <summary>
    /// One of several loaders is over. A metric object that the next loader may use again gives its value now and starts anew.
    /// </summary>
    public void EndLoader()
    {
        foreach (var entry in _active.Entries)
        {
            if (entry is { Metric: not null, HasSuffix: true } && entry.Loader == _loader) entry.Freeze();
        }

        foreach (var entry in _active.Entries)
        {
            if (entry is { Metric: { } metric, HasSuffix: true } && entry.Loader == _loader) metric.Reset();
        }
    }

    public void BeginBatch(BatchView batch, bool first)
    {
        (_batch, _epochEnd, _firstBatch) = (batch, false, first);
        foreach (var entry in _active.Entries) entry.IsFresh = false;
    }

    /// <summary>The batch is over; <c>Log</c> keeps the batch's place until <see cref="EpochEndReached"/>.</summary>
    public void EndBatch() => _batch = null;

    /// <summary>From here on epoch values are the current ones.</summary>
    public void EpochEndReached()
    {
        (_epochEnd, _batch) = (true, null);
        PublishEpoch();
    }

    /// <summary>The epoch values of one loader (or of all hooks of the loop), published and returned for the loggers.</summary>
    public Dictionary<string, double> TakeEpochValues(int? loader = null)
    {
        var values = new Dictionary<string, double>();
        foreach (var entry in _active.Entries)
        {
            if (!entry.HasValue || !entry.Options.OnEpoch || !entry.Options.Logger || (loader is { } wanted && entry.Loader is not NoLoader and var own && own != wanted)) continue;
            values[entry.EpochKey] = entry.Epoch.Read();
            WarnIfEmpty(entry);
        }

        return values;
    }

    /// <summary>The step values of the current batch for the loggers.</summary>
    public Dictionary<string, double> TakeStepValues()
    {
        var values = new Dictionary<string, double>();
        foreach (var entry in _active.Entries)
        {
            if (entry.IsFresh && entry.Options is { OnStep: true, Logger: true }) values[entry.StepKey] = entry.Step.Read();
        }

        return values;
    }

    public bool HasStepValues
    {
        get
        {
            foreach (var entry in _active.Entries)
            {
                if (entry.IsFresh && entry.Options is { OnStep: true, Logger: true }) return true;
            }

            return false;
        }
    }

    public void EndTrainingEpoch() => _training.Clear();

    public void EndEvaluation() => _evaluation.Clear();

    /// <summary>The batch in work; null between batches.</summary>
    public BatchView? Batch => _batch;

    public void Log(string name, double value, LogOptions options)
    {
        var entry = Prepare(name, options, null);
        entry.Add(value, Weight(entry, options));
        Show(entry);
    }

    public void Log(string name, Tensor value, LogOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.numel() != 1)
        {
            throw new ArgumentException(
                $"Log(\"{name}\", …) received a tensor of shape [{string.Join(", ", value.shape)}]: one number is expected. Log value.mean(), or another number of it.", nameof(value));
        }

        var entry = Prepare(name, options, null);
        if (!entry.HasValue && !is_floating_point(value)) WarnAboutType(entry, value);
        entry.Add(value, Weight(entry, options), onHost: !DeferReads && value.device_type == TorchSharp.DeviceType.CPU);
        Show(entry);
    }

    public void Log(string name, IMetric metric, LogOptions options)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var entry = Prepare(name, options, metric);
        entry.Touch();
        Show(entry);
    }

    public void Dispose()
    {
        _training.Dispose();
        _evaluation.Dispose();
    }

    // Values that nobody sees: the names differ from step to step, and would fill memory, files and screens.
    private MetricEntry Dropped(string name, HookId hook, MetricEntry.Settings settings)
    {
        trainer.Messages.Warn(
            MessageId.TooManyMetrics,
            $"More than {MostNames} different names were logged (the latest from {hook}): further ones are left out. Log under fixed names; what varies belongs into a table or a histogram.");
        return new MetricEntry(name, string.Empty, hook, settings with { OnStep = false, OnEpoch = false, ProgressBar = false, Logger = false }, null);
    }

    private MetricEntry Prepare(string name, LogOptions options, IMetric? metric)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("Log needs a name: received an empty one.", nameof(name));
        trainer.RequireStepThread(name);
        var hook = trainer.Hook;
        if (_firstBatch && !_epochEnd && hook != _lastHook) _active.Reset(hook);
        _lastHook = hook;
        var settings = Resolve(name, hook, options);
        var suffix = options.AddDataLoaderIndex ? _suffix : string.Empty;
        if (_active.Find(hook, name, _loader) is { } known)
        {
            if (known.Options != settings || !ReferenceEquals(known.Metric, metric))
            {
                throw new MisconfigurationException(
                    $"'{name}' was logged twice from {hook} with different options: first {known.Options}, now {settings}. Use the same options, or another name.");
            }

            return known;
        }

        if (_names.Count >= MostNames && !_names.Contains(name)) return Dropped(name, hook, settings);
        _names.Add(name);
        if (_evaluating && _suffix.Length > 0 && suffix.Length == 0) RequireOwnName(name, hook);
        var entry = new MetricEntry(name, suffix, hook, settings, metric);
        _active.Add(hook, name, _loader, entry);
        if (!_evaluating && metric is not null && _restored.Remove((hook, entry.Name), out var state)) metric.LoadStateDict(StateValue.Map(state["metric"])!); // only such states are kept
        return entry;
    }

    // Without the loader's name in the key, two loaders would write to the same one.
    private void RequireOwnName(string name, HookId hook)
    {
        foreach (var other in _active.Entries)
        {
            if (other.Hook != hook || other.Name != name) continue;
            throw new MisconfigurationException(
                $"'{name}' was logged in {hook} from two loaders with addDataLoaderIndex: false: the second value would replace the first. Leave addDataLoaderIndex out, or use a name for each loader.");
        }
    }

    private MetricEntry.Settings Resolve(string name, HookId hook, LogOptions options)
    {
        var place = LogPlace.Of(hook);
        if (!place.Allowed || (_evaluating && trainer.Stage is Stage.Predict))
        {
            throw new MisconfigurationException(
                $"Log(\"{name}\", …) cannot be used in {(hook == HookId.None ? "code outside of a hook" : hook)}. Log in a step or in a hook of training, validation or test; "
                + "or write to a logger directly: Trainer.Loggers[0].LogMetrics(...).");
        }

        if (_suffix.Length > 0 && options.AddDataLoaderIndex && name.Contains("/dataloader_idx_", StringComparison.Ordinal))
            throw new MisconfigurationException($"The key '{name}' contains '/dataloader_idx_', which the Trainer adds itself. Rename it, or pass addDataLoaderIndex: false.");
        var (onStep, onEpoch) = (options.OnStep ?? place.DefaultOnStep, options.OnEpoch ?? place.DefaultOnEpoch);
        if (options.OnEpoch == true && options.OnStep is null && !place.AllowsStep) onStep = false;
        if (onStep && !place.AllowsStep)
            throw new MisconfigurationException($"Log(\"{name}\", onStep: true) is not possible in {hook}: there is no step there. Leave onStep out.");
        if (!onStep && !onEpoch)
            throw new MisconfigurationException($"Log(\"{name}\", …) in {hook} has neither onStep nor onEpoch: the value would be lost. Set one of them.");
        return new MetricEntry.Settings(options.ProgressBar, onStep, onEpoch, options.Reduction, options.Logger);
    }

    private double Weight(MetricEntry entry, LogOptions options)
    {
        if (!entry.Options.OnEpoch || entry.Options.Reduction != Reduction.Mean) return 1;
        if (options.BatchSize is { } given)
        {
            return given > 0 ? given : throw new ArgumentOutOfRangeException(
                nameof(options), given, $"Log(\"{entry.Name}\", batchSize: {given}): expected at least 1.");
        }

        if (_batch is null) return 1;
        var size = _batch.Size;
        if (_batch.IsAmbiguous && !_saidAmbiguous) WarnAboutSize(entry.Name, size);
        return size > 0 ? size : throw new MisconfigurationException(
            $"Log(\"{entry.Name}\", …) cannot tell the batch size for its epoch mean: the batch ({_batch.Value?.GetType().Name}) holds no tensor. Pass batchSize.");
    }

    private void WarnAboutType(MetricEntry entry, Tensor value) => trainer.Messages.Warn(
        MessageId.ConvertedValue, $"'{entry.Name}' was logged in {entry.Hook} as a tensor of type {value.dtype}: its value is converted to a floating-point number. Log value.to(float32), or a C# number, to say that it is meant.");

    private void WarnAboutSize(string name, int size)
    {
        _saidAmbiguous = true;
        trainer.Messages.Warn(
            MessageId.AmbiguousBatchSize,
            $"The tensors of the batch disagree about its size ({_batch!.Shapes}): {size}, the first dimension of the first one, is the weight of '{name}' in its epoch mean (said once). " // the caller looked at it
            + "Pass batchSize to Log if that is wrong.");
    }

    private void Show(MetricEntry entry)
    {
        if (entry.Options is { OnStep: false, OnEpoch: false }) return; // dropped
        if (_epochEnd)
        {
            PublishEpoch(entry);
            return;
        }

        if (!entry.Options.OnStep) return;
        if (!_evaluating)
        {
            Callback.Set(entry.Name, entry.Step);
            if (entry.StepKey != entry.Name) Callback.Set(entry.StepKey, entry.Step);
        }

        if (entry.Options.ProgressBar && trainer.Stage != Stage.SanityCheck) ProgressBar.Set(entry.StepKey, entry.Step);
    }

    private void PublishEpoch()
    {
        foreach (var entry in _active.Entries)
        {
            if (entry.HasValue) PublishEpoch(entry);
        }
    }

    private void PublishEpoch(MetricEntry entry)
    {
        if (entry.Metric?.HigherIsBetter is { } better) _directions[entry.Name] = _directions[entry.EpochKey] = better;
        if (!entry.Options.OnEpoch || trainer.Stage == Stage.SanityCheck) return;
        var value = entry.Epoch;
        Callback.Set(entry.Name, value);
        if (entry.EpochKey != entry.Name) Callback.Set(entry.EpochKey, value);
        if (entry.Options.ProgressBar) ProgressBar.Set(entry.EpochKey, value);
    }

    private void WarnIfEmpty(MetricEntry entry)
    {
        if (entry.Metric is not { HasData: false } || entry.IsFrozen) return;
        trainer.Messages.Warn(
            MessageId.EmptyMetric, $"The metric logged as '{entry.Name}' in {entry.Hook} saw no data: its value is NaN. Update it before Log, or do not log it when there is nothing to measure.");
    }
}
