using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// An optimizer that updates all parameters of a group in one call of libtorch's fused kernel, where TorchSharp's own runs about ten small operations
/// per parameter. Same mathematics, options and parameter groups; TorchSharp's learning-rate schedulers work with it.
/// Where the kernel is missing (older libtorch, other device or element type) it does the same with ordinary operations.
/// </summary>
public abstract class FusedOptimizer : optim.Optimizer, IStateful
{
    private readonly List<ParameterShard[]> _shards = [];
    private readonly bool _allowKernel;
    private Parameter[]? _all;
    private optim.Optimizer? _origin;
    private IList<ParamGroup>? _originGroups;
    private int _count;
    private int _followed;

    private protected FusedOptimizer(bool allowKernel)
        : base(IntPtr.Zero)
    {
        LibTorch.EnsureLoaded();
        _allowKernel = allowKernel;
        _parameter_groups = new List<ParamGroup>();
    }

    /// <summary>Whether every parameter goes through a fused kernel; false when some or all use ordinary operations.</summary>
    public bool UsesKernel => _shards.TrueForAll(shards => Array.TrueForAll(shards, shard => shard.UsesKernel));

    private protected abstract string[] StateNames { get; }

    private protected virtual bool HasStep => true;

    /// <summary>Whether PyTorch's optimizer of this name makes its state when it is built, and relies on finding it in a file.</summary>
    private protected virtual bool StartsWithState => false;

    internal virtual bool AcceptsSparse => false;

    /// <summary>All parameters, in order, without walking groups anew.</summary>
    internal Parameter[] AllParameters => _all ??= [.. parameters()];

    /// <summary>Whether the operator exists for this kind of parameter.</summary>
    private protected abstract bool HasKernel(DeviceType device, ScalarType type);

    private protected abstract void FillDefaults(ParamGroup group);

    private protected abstract int SlotCount(ParamGroup group);

    private protected abstract void UpdateFused(ParamGroup group, in FusedTensors tensors, long step);

    private protected abstract void UpdatePlain(ParamGroup group, Parameter parameter, Tensor gradient, ReadOnlySpan<Tensor?> state, long step);

    private protected abstract Dictionary<string, object?> DescribeGroup(ParamGroup group);

    private protected abstract void RestoreGroup(ParamGroup group, GroupReader saved);

    private protected virtual bool CountsSteps(ParamGroup group) => true;

    internal virtual Tensor CreateState(int slot, Parameter parameter, ParamGroup group) => zeros_like(parameter, requires_grad: false);

    /// <inheritdoc/>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var recording = enable_grad();
            loss = closure();
        }

        Follow();
        using var mode = no_grad();
        for (var i = 0; i < _shards.Count; i++)
        {
            foreach (var shard in _shards[i]) StepShard(_parameter_groups[i], shard);
        }

        return loss!; // null without a closure, like TorchSharp's own optimizers
    }

    /// <summary>Fills the gradients with zeros, in one call; parameters without gradient stay without.</summary>
    public override void zero_grad() => Gradients.Zero(AllParameters, setToNone: false);

    /// <summary>Forgets the gradients or fills them with zeros.</summary>
    /// <param name="setToNone">True to free them: saves memory and one pass over it, and parameters that get no gradient in the next step are skipped.</param>
    public void ZeroGrad(bool setToNone) => Gradients.Zero(AllParameters, setToNone);

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters()
    {
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters) yield return parameter;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The group is empty of options of this optimizer, or holds a parameter that another group has.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        var added = Checked(param_group);
        if (_origin is null || _originGroups is null)
        {
            Add(param_group, added);
            return;
        }

        _origin.add_param_group(param_group); // schedulers and monitors that were built on it see the group there
        Follow();
    }

    private Parameter[] Checked(ParamGroup param_group)
    {
        var added = param_group.Parameters?.ToArray() ?? throw new ArgumentException("The parameter group has no parameters (null).", nameof(param_group));
        var known = new HashSet<nint>(parameters().Select(parameter => parameter.Handle));
        foreach (var parameter in added)
        {
            if (!known.Add(parameter.Handle))
                throw new ArgumentException("A parameter appears twice in the optimizer. Give each parameter to one group, once.", nameof(param_group));
        }

        return added;
    }

    private void Add(ParamGroup param_group, Parameter[] added)
    {
        FillDefaults(param_group);
        param_group.Parameters = added; // an array: a lazy list would walk the module tree on every step
        _parameter_groups.Add(param_group);
        var first = _count;
        _shards.Add([.. added.Select((parameter, i) => (parameter, index: first + i))
            .GroupBy(pair => (pair.parameter.device_type, pair.parameter.device_index, pair.parameter.dtype))
            .Select(same => new ParameterShard(
                [.. same.Select(pair => pair.parameter)], [.. same.Select(pair => pair.index)], StateNames.Length, IsKernelUsable([.. same.Select(pair => pair.parameter)])))]);
        _count += added.Length;
        _all = null;
    }

    /// <summary>The state in PyTorch's form: <c>state</c> by parameter number (as text) and <c>param_groups</c>. State tensors are live references.</summary>
    public IReadOnlyDictionary<string, object?> StateDict()
        => Save();

    internal Dictionary<string, object?> Save()
        => FusedState.Write(_shards, _parameter_groups, StateNames, HasStep, SlotCount, DescribeGroup, StartsWithState ? CreateState : null);

    /// <summary>Restores what <see cref="StateDict"/> of this optimizer, or of PyTorch's optimizer of the same name, returned.</summary>
    /// <exception cref="CheckpointException">Other groups, other parameter counts, other shapes or settings of another kind of optimizer than this one's.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        FusedState.Read(state, _shards, _parameter_groups, StateNames, HasStep, GetType().Name.Replace("Fused", string.Empty, StringComparison.Ordinal), DescribeGroup, RestoreGroup);
    }

    /// <summary>Groups that the user has added to the optimizer which this one replaces are trained as well.</summary>
    internal void Follow()
    {
        if (_originGroups is null) return;
        while (_followed < _originGroups.Count)
        {
            var group = _originGroups[_followed++];
            Add(group, Checked(group));
        }
    }

    /// <summary>Follows the optimizer that this one replaces; that one must not be stepped afterwards.</summary>
    internal void Replace(optim.Optimizer origin)
    {
        _origin = origin; // TorchSharp's optimizers free their state tensors when finalized: keep it reachable
        _originGroups = origin.ParamGroups as IList<ParamGroup>; // TorchSharp keeps a list
        _followed = _originGroups?.Count ?? 0;
    }

    /// <summary>Takes over the state of one parameter.</summary>
    internal void Adopt(int index, long step, params ReadOnlySpan<Tensor?> state)
    {
        foreach (var shard in _shards.SelectMany(shards => shards))
        {
            var position = Array.IndexOf(shard.Indices, index);
            if (position < 0) continue;
            shard.Steps[position] = step;
            for (var slot = 0; slot < state.Length; slot++) shard.State[slot][position] = state[slot];
        }
    }

    internal void UpdatePlain(ParameterShard shard, int i, ParamGroup group)
    {
        using var scope = NewDisposeScope();
        var parameter = shard.Parameters[i];
        var gradient = parameter.grad!; // not null: the caller has seen it
        var slots = SlotCount(group);
        var state = new Tensor?[slots];
        for (var slot = 0; slot < slots; slot++) state[slot] = shard.State[slot][i];
        UpdatePlain(group, parameter, gradient, state, shard.Steps[i] + 1);
        if (CountsSteps(group)) shard.Steps[i]++;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var shards in _shards)
            {
                foreach (var shard in shards) shard.Dispose();
            }

            _origin?.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool IsKernelUsable(Parameter[] parameters)
        => _allowKernel && Dispatcher.IsAvailable && HasKernel(parameters[0].device_type, parameters[0].dtype)
            && parameters[0].dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16
            && Array.TrueForAll(parameters, parameter => TensorLayout.IsDense(parameter.Handle));

    private void StepShard(ParamGroup group, ParameterShard shard)
    {
        var slots = SlotCount(group);
        var threads = shard.IsSmall ? IntraOpThreads.UseOne() : 0;
        try
        {
            var count = shard.Gather(this, group, slots);
            for (var start = 0; start < count;)
            {
                var run = shard.Run(start, count);
                var step = shard.StepsAt(start) + 1;
                UpdateFused(group, shard.Tensors(start, run, slots, step), step);
                if (CountsSteps(group)) shard.Advance(start, run);
                start += run;
            }
        }
        finally
        {
            IntraOpThreads.Restore(threads);
            shard.Release();
        }
    }
}
