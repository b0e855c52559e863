using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>One logged key from one hook: its options, its latest step value and its running epoch value.</summary>
internal sealed class MetricEntry(string name, string suffix, HookId hook, MetricEntry.Settings settings, IMetric? metric) : IDisposable
{
    private readonly MetricValue _step = new();
    private readonly MetricValue _epoch = new();
    private Accumulator? _accumulator;
    private (double Value, double Weight)? _mark;
    private double? _frozen; // a metric object's value over one of several loaders

    public HookId Hook => hook;

    /// <summary>The name that was given to <c>Log</c>.</summary>
    public string LoggedName => name;

    /// <summary>Which loader's batches it was logged from.</summary>
    public int Loader { get; set; }

    /// <summary>Its place among the entries of its loop.</summary>
    public int Index { get; set; }

    public Settings Options => settings;

    public IMetric? Metric => metric;

    /// <summary>The key that callbacks see, with the loader's suffix.</summary>
    public string Name { get; } = name + suffix;

    /// <summary>The key of the step value: with both step and epoch it gets <c>_step</c>, before the loader's suffix.</summary>
    public string StepKey { get; } = settings.OnEpoch ? $"{name}_step{suffix}" : name + suffix;

    /// <summary>The key of the epoch value.</summary>
    public string EpochKey { get; } = settings.OnStep ? $"{name}_epoch{suffix}" : name + suffix;

    public MetricValue Step => _step;

    public MetricValue Epoch
    {
        get
        {
            _epoch.Set(metric is null ? _accumulator?.Result() ?? double.NaN : ComputeMetric());
            return _epoch;
        }
    }

    /// <summary>Whether the loader's name is part of the key.</summary>
    public bool HasSuffix => suffix.Length > 0;

    /// <summary>Whether the value of its loader was taken already.</summary>
    public bool IsFrozen => _frozen is not null;

    /// <summary>Logged since the last reset.</summary>
    public bool HasValue { get; private set; }

    /// <summary>Logged during the current batch.</summary>
    public bool IsFresh { get; set; }

    public void Add(double value, double weight)
    {
        (HasValue, IsFresh) = (true, true);
        if (settings.OnStep) _step.Set(value);
        if (settings.OnEpoch) (_accumulator ??= new HostAccumulator(settings.Reduction)).Add(value, weight);
    }

    public void Add(Tensor value, double weight, bool onHost)
    {
        if (onHost && _accumulator is null or HostAccumulator)
        {
            Add(MetricValue.ReadTensor(value), weight);
            return;
        }

        (HasValue, IsFresh) = (true, true);
        if (settings.OnStep) SetStepFromDevice(value);
        if (settings.OnEpoch) (_accumulator ??= new DeviceAccumulator(settings.Reduction)).Add(value, weight);
    }

    public void Touch()
    {
        (HasValue, IsFresh) = (true, true);
        if (!settings.OnStep) return;
        SetStepFromDevice(metric!.BatchValue ?? throw new MisconfigurationException( // only called for entries with a metric object
            $"Log(\"{Name}\", metric) keeps the value of each step, but the metric has none: it was not called since its last reset, or only with Update. "
            + "Call it (metric.call(…)) before Log, or pass onStep: false, onEpoch: true."));
    }

    /// <summary>Computes the metric's value now and keeps it: the metric object goes on to another loader.</summary>
    public void Freeze()
    {
        if (settings.OnEpoch) _frozen = ComputeMetric();
    }

    /// <summary>The metric object holds what was seen before the interruption.</summary>
    public void Restored() => HasValue = true;

    public void Reset(bool resetMetric)
    {
        (HasValue, IsFresh) = (false, false);
        _accumulator?.Reset();
        _frozen = null;
        if (resetMetric) metric?.Reset();
    }

    public (double Value, double Weight)? Save() => _accumulator is { IsEmpty: false } accumulator ? accumulator.Save() : null;

    /// <summary>Whether there was a value at the last <see cref="Mark"/>.</summary>
    public bool WasMarked { get; private set; }

    /// <summary>The running value at the last <see cref="Mark"/>; on an accelerator that of now, as reading it in every step would wait for the device.</summary>
    public (double Value, double Weight)? Marked => _accumulator is HostAccumulator ? _mark : Save();

    public void Mark()
    {
        WasMarked = HasValue;
        if (_accumulator is HostAccumulator) _mark = Save();
    }

    public void Load(double value, double weight)
    {
        (_accumulator ??= new HostAccumulator(settings.Reduction)).Load(value, weight);
        HasValue = true;
    }

    public void Dispose()
    {
        if (_deviceStep is not null) _step.Set(_step.Read()); // callbacks may still ask for the latest value
        _accumulator?.Dispose();
        _deviceStep?.Dispose();
    }

    private Tensor? _deviceStep; // the latest step value on its device, replaced by the next one

    private void SetStepFromDevice(Tensor value)
    {
        _deviceStep?.Dispose();
        using var detached = value.detach();
        var copy = _deviceStep = detached.clone().DetachFromDisposeScope(); // lives until the next one
        _step.Set(() => MetricValue.ReadTensor(copy));
    }

    private double ComputeMetric()
    {
        if (_frozen is { } frozen) return frozen;
        if (!metric!.HasData) return double.NaN; // only called for entries with a metric object
        using var scope = NewDisposeScope();
        var value = metric.Compute();
        if (value.numel() != 1)
        {
            throw new MisconfigurationException(
                $"The metric logged as '{Name}' computed a tensor of shape [{string.Join(", ", value.shape)}]: one number is expected. "
                + "Log one of its values, or use an average.");
        }

        return MetricValue.ReadTensor(value);
    }

    /// <summary>The resolved options; logging the same key from the same hook with others is an error.</summary>
    public readonly record struct Settings(bool ProgressBar, bool OnStep, bool OnEpoch, Reduction Reduction, bool Logger);
}
