using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>
/// One named piece of what a metric remembers: a tensor that updates change, or a list of tensors that updates lengthen.
/// Made by <c>AddState</c> and <c>AddListState</c> of <see cref="Metric"/>, which owns and disposes it.
/// </summary>
public sealed class MetricState
{
    private Tensor? _initial;
    private readonly Func<Tensor, Tensor, Tensor>? _merge;
    private Cell _cell = new();

    internal MetricState(string name, Tensor? initial, StateReduction reduction, Func<Tensor, Tensor, Tensor>? merge)
    {
        Name = name;
        Reduction = reduction;
        _merge = merge;
        _initial = initial?.detach().clone().DetachFromDisposeScope();
        Reset();
    }

    /// <summary>The key of this state in checkpoints.</summary>
    public string Name { get; }

    /// <summary>How two of these states become one.</summary>
    public StateReduction Reduction { get; }

    /// <summary>Whether this is a list of tensors.</summary>
    public bool IsList => _initial is null;

    /// <summary>The current tensor. Owned by the state: do not dispose it, do not keep it beyond the update.</summary>
    /// <exception cref="InvalidOperationException">The state is a list.</exception>
    public Tensor Value => _cell.Value ?? throw new InvalidOperationException($"The metric state \"{Name}\" is a list: use {nameof(Cat)}() or {nameof(Items)}.");

    /// <summary>The tensors of a list state in the order of the updates. Owned by the state.</summary>
    public IReadOnlyList<Tensor> Items => _cell.Items;

    /// <summary>Adds to the tensor in place.</summary>
    public void Add(Tensor amount) => Value.add_(amount, Numbers.One);

    /// <summary>Adds a number that the host knows, such as how many samples there were.</summary>
    public void Add(long amount)
    {
        using Scalar number = amount;
        Value.add_(number, Numbers.One);
    }

    /// <summary>Replaces the tensor.</summary>
    public void Set(Tensor value)
    {
        var kept = value.DetachFromDisposeScope();
        if (!ReferenceEquals(kept, _cell.Value)) _cell.Value?.Dispose();
        _cell.Value = kept;
    }

    /// <summary>Appends a copy of <paramref name="item"/> to the list: the caller's tensor may be reused for the next batch.</summary>
    public void Append(Tensor item) => _cell.Items.Add(item.clone().DetachFromDisposeScope());

    /// <summary>All items of the list joined along the first dimension.</summary>
    /// <exception cref="InvalidOperationException">The list is empty.</exception>
    public Tensor Cat()
    {
        var items = _cell.Items;
        if (items.Count == 0)
        {
            throw new InvalidOperationException($"The metric state \"{Name}\" is empty: the metric has seen no data since it was made or reset. Call Update before Compute.");
        }

        if (items.Count == 1) return items[0].alias();

        // Keeping the joined tensor instead of the pieces makes a second Compute, and every later merge, cheap.
        var joined = cat(items.ToArray(), 0).DetachFromDisposeScope();
        foreach (var item in items) item.Dispose();
        items.Clear();
        items.Add(joined);
        return joined.alias();
    }

    /// <summary>The live tensor, or the items of a list as one; null for an empty list.</summary>
    internal Tensor? Whole()
    {
        if (!IsList) return Value;
        if (_cell.Items.Count == 0) return null;
        Cat().Dispose(); // joins the items
        return _cell.Items[0];
    }

    /// <summary>Makes the list one tensor of the same shape and type as another, whose numbers will be copied into it.</summary>
    internal void Hold(Tensor like, Device device)
    {
        Reset();
        _cell.Items.Add(zeros(like.shape, like.dtype, device).DetachFromDisposeScope());
    }

    internal void Reset()
    {
        _cell.Dispose();
        _cell.Value = _initial?.clone().DetachFromDisposeScope();
    }

    /// <summary>Gives the content away and starts from the initial value.</summary>
    internal Content Take()
    {
        var taken = new Content(_cell.Value, _cell.Items);
        _cell.Value = _initial?.clone().DetachFromDisposeScope();
        _cell.Items = [];
        return taken;
    }

    internal void Restore(Content content)
    {
        _cell.Dispose();
        _cell.Value = content.Value;
        _cell.Items = content.Items;
    }

    /// <summary>Merges content that came earlier: for lists the earlier items come first.</summary>
    internal void MergeEarlier(Content earlier, long earlierUpdates, long updates)
    {
        if (IsList)
        {
            earlier.Items.AddRange(_cell.Items);
            _cell.Items = earlier.Items;
            return;
        }

        var merged = Merged(earlier.Value!, Value, earlierUpdates, updates); // a tensor state always has a value
        if (!ReferenceEquals(merged, earlier.Value)) earlier.Value!.Dispose();
        Set(merged);
    }

    internal void MergeLater(Content later, long updates, long laterUpdates)
    {
        if (IsList)
        {
            foreach (var item in later.Items) Append(Placed(item));
            return;
        }

        Set(Merged(Value, Placed(later.Value!), updates, laterUpdates));
    }

    internal Content Peek() => new(_cell.Value, _cell.Items);

    internal bool SharesWith(MetricState other) => ReferenceEquals(_cell, other._cell);

    internal void ShareWith(MetricState leader)
    {
        _cell.Release();
        _cell = leader._cell;
        _cell.Owners++;
    }

    /// <summary>Leaves a shared cell to the others and starts with one of its own.</summary>
    internal void Separate()
    {
        _cell.Release();
        _cell = new Cell { Value = _initial?.clone().DetachFromDisposeScope() };
    }

    /// <summary>Leaves a shared cell to the others and goes on with a copy of it.</summary>
    internal void Unshare()
    {
        var copy = new Cell
        {
            Value = _cell.Value?.clone().DetachFromDisposeScope(),
            Items = _cell.Items.ConvertAll(x => x.clone().DetachFromDisposeScope()),
        };
        _cell.Release();
        _cell = copy;
    }

    internal void Convert(Func<Tensor, Tensor> convert)
    {
        if (_initial is not null) _initial = Converted(_initial, convert);
        if (_cell.Value is not null) _cell.Value = Converted(_cell.Value, convert);
        for (var i = 0; i < _cell.Items.Count; i++) _cell.Items[i] = Converted(_cell.Items[i], convert);
    }

    internal void Dispose()
    {
        _initial?.Dispose();
        _cell.Release();
    }

    private static Tensor Converted(Tensor tensor, Func<Tensor, Tensor> convert)
    {
        var result = convert(tensor);
        if (ReferenceEquals(result, tensor)) return tensor;
        tensor.Dispose();
        return result.DetachFromDisposeScope();
    }

    private Tensor Placed(Tensor tensor) => _initial is null ? tensor : tensor.to(_initial.device);

    private Tensor Merged(Tensor first, Tensor second, long firstUpdates, long secondUpdates) => Reduction switch
    {
        StateReduction.Sum => first.add(second, Numbers.One),
        StateReduction.Min => first.minimum(second),
        StateReduction.Max => first.maximum(second),
        StateReduction.Mean when firstUpdates + secondUpdates == 0 => first.clone(),
        StateReduction.Mean => WeightedMean(first, second, firstUpdates, secondUpdates),
        StateReduction.Cat => cat([first, second], 0),
        _ => _merge!(first, second), // AddState refuses a custom reduction without its function
    };

    private static Tensor WeightedMean(Tensor first, Tensor second, long firstUpdates, long secondUpdates)
    {
        using Scalar firstWeight = (double)firstUpdates / (firstUpdates + secondUpdates), secondWeight = (double)secondUpdates / (firstUpdates + secondUpdates);
        return first.mul(firstWeight).add(second.mul(secondWeight), Numbers.One);
    }

    /// <summary>The tensors of a state, apart from its settings.</summary>
    internal readonly record struct Content(Tensor? Value, List<Tensor> Items)
    {
        internal void Dispose()
        {
            Value?.Dispose();
            foreach (var item in Items) item.Dispose();
        }
    }

    /// <summary>Where the tensors lie: metrics of one compute group point to the same cell.</summary>
    private sealed class Cell
    {
        internal Tensor? Value;
        internal List<Tensor> Items = [];
        internal int Owners = 1;

        /// <summary>One owner fewer; the last one disposes.</summary>
        internal void Release()
        {
            if (--Owners == 0) Dispose();
        }

        internal void Dispose()
        {
            Value?.Dispose();
            Value = null;
            foreach (var item in Items) item.Dispose();
            Items.Clear();
        }
    }
}
