using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <content>States on their way: to another device, into a checkpoint, from another process.</content>
public abstract partial class Metric
{
    private const string CountKey = "update_count";

    /// <summary>Everything seen so far as plain data: <c>update_count</c>, each state by name, and the states of inner metrics. Tensors are live references.</summary>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        var result = new Dictionary<string, object?> { [CountKey] = UpdateCount };
        foreach (var state in _states)
        {
            result[state.Name] = state.IsList ? state.Items.Cast<object?>().ToList() : state.Value;
        }

        foreach (var (name, child) in NamedChildren()) result[name] = child.StateDict();
        AddToStateDict(result);
        return result;
    }

    /// <summary>Continues from what <see cref="StateDict"/> returned. Unknown keys are ignored, missing ones start from the initial value.</summary>
    /// <exception cref="ArgumentException">A value is of another kind or shape than the state.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var contents = _states.Select(s => Read(s, state)).ToArray();
        Reset();
        for (var i = 0; i < contents.Length; i++)
        {
            if (contents[i] is { } content) _states[i].Restore(Owned(content));
        }

        foreach (var (name, child) in NamedChildren())
        {
            if (state.GetValueOrDefault(name) is IReadOnlyDictionary<string, object?> inner) child.LoadStateDict(inner);
        }

        UpdateCount = System.Convert.ToInt64(state.GetValueOrDefault(CountKey) ?? 0L, System.Globalization.CultureInfo.InvariantCulture);
        LoadFromStateDict(state);
    }

    /// <summary>
    /// For several processes that measure together: given what this one saw (its <see cref="StateDict"/>), returns what each saw, in the order of their ranks, this one
    /// included; every process must call Compute then. The value is that of all data, in each process; the states go on counting what this process sees, so that nothing
    /// is counted twice. Values of single batches stay local. Null, the default: this process alone.
    /// </summary>
    public Func<IReadOnlyDictionary<string, object?>, IReadOnlyList<IReadOnlyDictionary<string, object?>>>? GatherStates { get; set; }

    /// <summary>Takes in what another metric of the same kind saw, as if its updates had come after this one's.</summary>
    /// <exception cref="ArgumentException">The other metric has other states.</exception>
    public void Merge(Metric other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.GetType() != GetType())
        {
            throw new ArgumentException($"{GetName()} cannot merge a {other.GetName()}: both must be of the same kind.", nameof(other));
        }

        Merge(other.StateDict());
    }

    /// <summary>Takes in what another process saw, as its <see cref="StateDict"/> says.</summary>
    /// <param name="state">The other metric's states, on any device.</param>
    /// <exception cref="ArgumentException">The other metric has other states.</exception>
    public virtual void Merge(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var updates = System.Convert.ToInt64(state.GetValueOrDefault(CountKey) ?? 0L, System.Globalization.CultureInfo.InvariantCulture);
        var contents = _states.Select(s => Read(s, state) ?? throw new ArgumentException(
            $"{GetName()} cannot merge states without \"{s.Name}\". Received: {string.Join(", ", state.Keys)}.", nameof(state))).ToArray();
        if (updates > 0)
        {
            for (var i = 0; i < contents.Length; i++) _states[i].MergeLater(contents[i], UpdateCount, updates);
        }

        foreach (var (name, child) in NamedChildren())
        {
            if (state.GetValueOrDefault(name) is IReadOnlyDictionary<string, object?> inner) child.Merge(inner);
        }

        UpdateCount += updates;
        ForgetValues();
    }

    /// <summary>
    /// The states under the module's prefix when <see cref="Persistent"/>, nothing otherwise. A list state is one tensor, its items joined, or nothing while it is empty.
    /// </summary>
    public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
    {
        destination ??= [];
        if (Persistent)
        {
            foreach (var state in _states)
            {
                if (state.Whole() is { } whole) destination.TryAdd(string.IsNullOrEmpty(prefix) ? state.Name : $"{prefix}.{state.Name}", whole);
            }
        }

        foreach (var (name, child) in NamedChildren()) child.state_dict(destination, string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}");
        return destination;
    }

    /// <summary>Takes over the states that <see cref="state_dict"/> gave, lists of any length.</summary>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ((Logging.IMetric)this).MakeRoom(source);
        return base.load_state_dict(source, strict, skip);
    }

    /// <inheritdoc/>
    void Logging.IMetric.MakeRoom(IReadOnlyDictionary<string, Tensor> entries)
    {
        if (!Persistent) return;
        foreach (var state in _states)
        {
            if (state.IsList && entries.TryGetValue(state.Name, out var saved)) state.Hold(saved, new Device(_deviceType, _deviceIndex));
        }

        ForgetValues();
    }

    /// <summary>More entries for <see cref="StateDict"/>: plain values beside the states.</summary>
    protected virtual void AddToStateDict(IDictionary<string, object?> state)
    {
    }

    /// <summary>Reads what <see cref="AddToStateDict"/> wrote.</summary>
    protected virtual void LoadFromStateDict(IReadOnlyDictionary<string, object?> state)
    {
    }

    /// <summary>Called with every device move: states follow, in their own types.</summary>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (device is null) return;
        MoveTo(device.type, device.index);
        foreach (var child in _children) child._to(device.type, device.index, non_blocking);
    }

    /// <summary>Before its first update a metric moves to where its inputs are; afterwards another device is an error.</summary>
    private protected void Follow(Tensor input)
    {
        if (input.device_type == _deviceType && (input.device_type == DeviceType.CPU || _deviceIndex == input.device_index)) return;
        if (UpdateCount > 0)
        {
            throw new ArgumentException(
                $"{GetName()} holds its states on {_deviceType} but got an input on {input.device}. Move the metric with .to(device), or Reset it first.");
        }

        MoveTo(input.device_type, input.device_index);
    }

    // A composed metric has no data of its own: its parts gather theirs.
    private bool GathersNow => GatherStates is not null && CachesValue;

    private Tensor GatheredValue()
    {
        using var whole = Gathered();
        return whole.ComputeValue().clone();
    }

    private Metric Gathered()
    {
        var whole = CreateFresh();
        whole.GatherStates = null;
        whole.MoveTo(_deviceType, _deviceIndex);
        foreach (var state in GatherStates!(StateDict())) whole.Merge(state); // asked for when there is one
        return whole;
    }

    private void MoveTo(DeviceType type, int index)
    {
        var device = new Device(type, index);
        foreach (var state in _states)
        {
            // Apple's GPUs have no float64.
            state.Convert(x => x.dtype == float64 && type == DeviceType.MPS ? x.to(float32).to(device) : x.to(device));
        }

        _deviceType = type;
        _deviceIndex = index;
        ForgetValues();
    }

    private IEnumerable<(string Name, Metric Child)> NamedChildren()
    {
        foreach (var (name, child) in named_children())
        {
            if (child is Metric metric) yield return (name, metric);
        }
    }

    private MetricState.Content Owned(MetricState.Content content)
    {
        var device = new Device(_deviceType, _deviceIndex);
        return new(
            content.Value?.to(device).clone().DetachFromDisposeScope(),
            content.Items.ConvertAll(x => x.to(device).clone().DetachFromDisposeScope()));
    }

    private MetricState.Content? Read(MetricState state, IReadOnlyDictionary<string, object?> source)
    {
        if (!source.TryGetValue(state.Name, out var saved)) return null;
        return (saved, state.IsList) switch
        {
            (Tensor value, false) when state.Reduction is StateReduction.Cat || state.Value.shape.SequenceEqual(value.shape) => new(value, []),
            (IEnumerable<object?> items, true) when items.All(x => x is Tensor) => new(null, [.. items.Cast<Tensor>()]),
            (Tensor value, _) => throw new ArgumentException(
                $"{GetName()}: the state \"{state.Name}\" wants {(state.IsList ? "a list of tensors" : $"shape [{string.Join(", ", state.Value.shape)}]")}, got a tensor of shape [{string.Join(", ", value.shape)}]."),
            _ => throw new ArgumentException($"{GetName()}: the state \"{state.Name}\" wants {(state.IsList ? "a list of tensors" : "a tensor")}, got {saved?.GetType().Name ?? "null"}."),
        };
    }
}
