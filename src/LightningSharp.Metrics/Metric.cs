using LightningSharp.Logging;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// Something that is measured over many batches: it keeps sums (or lists) of what it saw, and <see cref="Compute"/> turns them into a value.
/// A field of a LightningModule like a layer: device moves reach it, its states are neither parameters nor, unless <see cref="Persistent"/>, part of the
/// model's state. Derive from <see cref="Metric{TInput}"/> or <see cref="Metric{TPreds, TTarget}"/> for a metric of your own.
/// </summary>
/// <remarks>Not for several threads at once. Give each thread or process its own copy and <see cref="Merge(Metric)"/> them.</remarks>
public abstract partial class Metric : nn.Module, IMetric
{
    private readonly List<MetricState> _states = [];
    private readonly List<Metric> _children = [];
    private Tensor? _computed;
    private Tensor? _batchValue;
    private bool _shared;
    private bool _disposed;

    /// <summary>Creates the metric; states are added by the derived constructor.</summary>
    protected Metric()
        : base(nameof(Metric))
    {
    }

    /// <summary>Where warnings go, for example about a value computed before any data was seen. Lines on the error stream by default.</summary>
    public static ILogger Logger { get; set; } = new WarningPrinter();

    /// <summary>True when a larger value is better, false when a smaller one is, null when neither holds.</summary>
    public virtual bool? HigherIsBetter => null;

    /// <summary>Whether the value has a useful gradient with respect to the predictions: then the functional form can be trained on.</summary>
    public virtual bool IsDifferentiable => false;

    /// <summary>How many updates were seen since the last reset.</summary>
    public long UpdateCount { get; private protected set; }

    /// <summary>Whether tensor states are part of <c>state_dict</c> of the module that holds the metric. Default: false.</summary>
    public bool Persistent { get; set; }

    /// <summary>
    /// Whether inputs are checked in ways that read values: labels in range, probabilities in 0…1. Shapes and types are always checked. On the CPU every
    /// update is checked; on an accelerator, where reading stalls the queue, only the first update after a reset. Default: true.
    /// </summary>
    public bool ValidateArgs { get; init; } = true;

    /// <summary>The value of the latest batch alone, after Forward; null after a plain Update. Owned by the metric.</summary>
    public Tensor? BatchValue => _batchValue;

    /// <summary>
    /// Forward updates twice (once for the total, once for the batch alone) when true; when false it updates once and merges. Same result.
    /// Override with true only when a batch's states depend on those before it.
    /// </summary>
    protected virtual bool FullStateUpdate => false;

    /// <summary>Two metrics of a collection with the same key keep the same statistics and share them. Null: never shared. Default: null.</summary>
    protected internal virtual string? StateKey => null;

    /// <summary>The states in the order they were added.</summary>
    protected internal IReadOnlyList<MetricState> States => _states;

    /// <summary>The name: the type's.</summary>
    public override string GetName() => GetType().Name.Split('`')[0];

    /// <summary>
    /// The value over everything seen since the last reset. Cached until the next update; a new handle each time, which the caller's dispose scope owns.
    /// Never part of an autograd graph. Before any update it warns and computes from the initial states.
    /// </summary>
    /// <exception cref="InvalidOperationException">No data was seen and the value cannot be computed without.</exception>
    public Tensor Compute()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_computed is null || _computed.IsInvalid || !CachesValue)
        {
            if (!HasData) WarnNoData();
            using var mode = no_grad();
            using var scope = NewDisposeScope();
            var earlier = _computed;
            _computed = (GathersNow ? GatheredValue() : ComputeValue()).detach().clone().DetachFromDisposeScope();
            earlier?.Dispose();
        }

        return _computed.alias();
    }

    /// <summary>Every part of the value by name: one entry with the metric's name, unless the metric has several results, which its page names.</summary>
    public IReadOnlyDictionary<string, Tensor> ComputeNamed()
    {
        if (!GathersNow) return ComputeParts();
        using var whole = Gathered();
        return whole.ComputeParts();
    }

    /// <summary>Forgets everything seen.</summary>
    public virtual void Reset()
    {
        if (_shared)
        {
            foreach (var state in _states) state.Separate();
            _shared = false;
        }
        else
        {
            foreach (var state in _states) state.Reset();
        }

        foreach (var child in _children) child.Reset();
        UpdateCount = 0;
        ForgetValues();
    }

    /// <summary>A metric with the same settings that has seen the same data. Changes of one do not reach the other.</summary>
    public Metric Clone()
    {
        var copy = CreateFresh();
        copy.Persistent = Persistent;
        copy.MoveTo(_deviceType, _deviceIndex);
        copy.LoadStateDict(StateDict());
        return copy;
    }

    /// <summary>Converts floating-point states. A plain <c>.to(dtype)</c> of the model leaves metrics alone, so that sums keep their precision.</summary>
    /// <returns>This metric.</returns>
    public Metric SetDtype(ScalarType dtype)
    {
        foreach (var state in _states) state.Convert(x => x.is_floating_point() ? x.to(dtype) : x);
        foreach (var child in _children) child.SetDtype(dtype);
        ForgetValues();
        return this;
    }

    /// <summary>Computes the value from the states. Runs without gradients in a dispose scope of its own.</summary>
    protected abstract Tensor ComputeValue();

    /// <summary>The parts of the value by name, for a metric with several results. The caller's scope owns them.</summary>
    protected virtual IReadOnlyDictionary<string, Tensor> ComputeParts() => new Dictionary<string, Tensor> { [GetName()] = Compute() };

    /// <summary>Adds a tensor state.</summary>
    /// <param name="name">Its key in checkpoints.</param>
    /// <param name="initial">The value after a reset; copied.</param>
    /// <param name="reduction">How two processes' states become one.</param>
    /// <param name="merge">The function of <see cref="StateReduction.Custom"/>: earlier and later state to the state of both. It must be associative.</param>
    protected MetricState AddState(string name, Tensor initial, StateReduction reduction = StateReduction.Sum, Func<Tensor, Tensor, Tensor>? merge = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(initial);
        if (reduction == StateReduction.Custom && merge is null)
        {
            throw new ArgumentException($"{GetName()} adds the state \"{name}\" with a custom reduction but without its function. Pass merge.", nameof(merge));
        }

        return Added(new MetricState(name, initial, reduction, merge));
    }

    /// <summary>Adds a list state: updates append, merging joins the lists.</summary>
    /// <param name="name">Its key in checkpoints.</param>
    protected MetricState AddListState(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Added(new MetricState(name, null, StateReduction.Cat, null));
    }

    /// <summary>Makes another metric part of this one: moves, resets, states and disposal reach it.</summary>
    protected TMetric AddChild<TMetric>(string name, TMetric child)
        where TMetric : Metric
    {
        ArgumentNullException.ThrowIfNull(child);
        register_module(name, child);
        _children.Add(child);
        return child;
    }

    /// <summary>
    /// A metric with the same settings and no data. The default calls the constructor with the arguments found in properties or fields of the same names;
    /// override it when a constructor does not keep its arguments.
    /// </summary>
    protected virtual Metric CreateFresh() => MetricCopier.CreateLike(this);

    /// <summary>Whether checks that read values run now, see <see cref="ValidateArgs"/>.</summary>
    /// <param name="input">A tensor of the current update.</param>
    protected bool ChecksValues(Tensor input) => ValidateArgs && (input.device_type == DeviceType.CPU || UpdateCount == 0);

    /// <summary>Nothing to register: states are not buffers.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ForgetValues();
            foreach (var state in _states) state.Dispose();
        }

        base.Dispose(disposing);
    }

    private protected virtual bool CachesValue => true;

    /// <inheritdoc/>
    bool IMetric.HasData => HasData;

    private protected virtual bool HasData => UpdateCount > 0 || GathersNow; // other processes may have some

    private MetricState Added(MetricState state)
    {
        _states.Add(state);
        return state;
    }

    /// <summary>Says something to the people who run the program.</summary>
    private protected static void Warn(string message) => Logger.LogWarning("{Message}", message);

    private void WarnNoData() => Logger.LogWarning(
        "{Metric}.Compute was called before any Update: the value comes from the initial states. Update the metric first, or do not log it when a loader is empty.",
        GetName());

    private protected void ForgetTotal()
    {
        _computed?.Dispose();
        _computed = null;
    }

    private void ForgetValues()
    {
        ForgetTotal();
        _batchValue?.Dispose();
        _batchValue = null;
    }
}
