using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// The parameters of one group that share device and element type, hence may go into one kernel call, with their state and step counts.
/// State is made when a parameter meets its first gradient, as in PyTorch: frozen parameters cost no memory.
/// </summary>
internal sealed unsafe class ParameterShard : IDisposable
{
    /// <summary>Below this mean size one thread is faster: the kernels open one parallel region per tensor.</summary>
    private const long SmallTensor = 32_768;

    private readonly nint[] _parameters, _gradients, _found;
    private readonly nint[][] _state;
    private readonly int[] _active;
    private readonly long[] _keys;
    private readonly List<Tensor> _temporaries = [];
    private readonly Tensor _step;
    private readonly bool _onCpu;
    private float* _stepValue;

    public ParameterShard(Parameter[] parameters, int[] indices, int slots, bool useKernel)
    {
        (Parameters, Indices, UsesKernel) = (parameters, indices, useKernel);
        var count = parameters.Length;
        (Steps, _keys, _active) = (new long[count], new long[count], new int[count]);
        (_parameters, _gradients, _found) = (new nint[count], new nint[count], new nint[count]);
        State = new Tensor?[slots][];
        _state = new nint[slots][];
        for (var slot = 0; slot < slots; slot++) (State[slot], _state[slot]) = (new Tensor?[count], new nint[count]);
        _onCpu = parameters[0].device_type == DeviceType.CPU;
        _step = zeros([], float32, parameters[0].device).DetachFromDisposeScope(); // lives until Dispose
        IsSmall = _onCpu && parameters.Sum(parameter => parameter.NumberOfElements) < SmallTensor * count;
        if (_onCpu && useKernel) _stepValue = (float*)StableAbi.Data(_step.Handle);
    }

    public Parameter[] Parameters { get; }

    /// <summary>Each parameter's position in the optimizer, all groups counted.</summary>
    public int[] Indices { get; }

    public Tensor?[][] State { get; }

    /// <summary>Updates made to each parameter so far.</summary>
    public long[] Steps { get; }

    public bool UsesKernel { get; }

    public bool IsSmall { get; }

    /// <summary>Notes which parameters take part in this step and their handles; the sparse ones and those without a kernel go to the plain rule at once.</summary>
    /// <returns>The number of parameters for the kernel.</returns>
    public int Gather(FusedOptimizer owner, ParamGroup group, int slots)
    {
        var count = 0;
        for (var i = 0; i < Parameters.Length; i++)
        {
            var parameter = Parameters[i];
            if (parameter.IsInvalid) throw Moved(i);
            var gradient = Gradient(parameter);
            if (gradient == 0) continue;
            var strided = !UsesKernel || StableAbi.IsStrided(gradient);
            if (!strided && !owner.AcceptsSparse) throw Sparse(i, owner);
            for (var slot = 0; slot < slots; slot++) State[slot][i] ??= owner.CreateState(slot, parameter, group).DetachFromDisposeScope();
            if (!UsesKernel || !strided)
            {
                owner.UpdatePlain(this, i, group);
                continue;
            }

            _found[i] = Aligned(i, gradient, slots);
            _keys[count] = Steps[i];
            _active[count++] = i;
        }

        if (count > 0) Order(count, slots);
        return count;
    }

    /// <summary>The parameters from <paramref name="start"/> on that have made equally many updates: one kernel call, sharing one step tensor.</summary>
    public int Run(int start, int count)
    {
        var end = start + 1;
        while (end < count && _keys[end] == _keys[start]) end++;
        return end - start;
    }

    /// <summary>Updates made so far by the parameters at <paramref name="start"/>.</summary>
    public long StepsAt(int start) => _keys[start];

    /// <summary>The handles of one run; the step tensor is set to <paramref name="step"/>.</summary>
    public FusedTensors Tensors(int start, int count, int slots, long step)
    {
        if (_stepValue != null)
        {
            *_stepValue = step;
        }
        else
        {
            using Scalar value = (float)step; // held: an implicit one may be finalized while libtorch reads it
            _step.fill_(value);
        }

        return new(
            _parameters.AsSpan(start, count), _gradients.AsSpan(start, count), Slot(0), Slot(1), Slot(2), _step.Handle);

        ReadOnlySpan<nint> Slot(int slot) => slot < slots ? _state[slot].AsSpan(start, count) : [];
    }

    /// <summary>Counts an update of the parameters of one run.</summary>
    public void Advance(int start, int count)
    {
        foreach (var i in _active.AsSpan(start, count)) Steps[i]++;
    }

    /// <summary>Frees what one step needed.</summary>
    public void Release()
    {
        foreach (var temporary in _temporaries) temporary.Dispose();
        _temporaries.Clear();
    }

    public void Dispose()
    {
        Release();
        _stepValue = null;
        _step.Dispose();
        foreach (var slot in State)
        {
            for (var i = 0; i < slot.Length; i++)
            {
                slot[i]?.Dispose();
                slot[i] = null;
            }
        }
    }

    private void Order(int count, int slots)
    {
        if (_keys.AsSpan(0, count).ContainsAnyExcept(_keys[0]))
        {
            // Some parameters skipped steps: sort by step count so that equal ones are neighbours.
            Array.Sort(_keys, _active, 0, count);
        }

        for (var position = 0; position < count; position++)
        {
            var i = _active[position];
            _parameters[position] = Parameters[i].Handle;
            _gradients[position] = _found[i];
            for (var slot = 0; slot < slots; slot++) _state[slot][position] = State[slot][i]!.Handle; // not null: made in Gather
        }
    }

    private nint Gradient(Parameter parameter)
    {
        if (GradientReader.IsAvailable) return GradientReader.Read(parameter.Handle);
        var gradient = parameter.grad;
        if (gradient is null) return 0;
        _temporaries.Add(gradient);
        return gradient.Handle;
    }

    // The kernels walk raw memory: after a change of layout (channels_last) the state follows the parameter, and a gradient of before is copied.
    private nint Aligned(int i, nint gradient, int slots)
    {
        var parameter = Parameters[i];
        for (var slot = 0; slot < slots; slot++)
        {
            var state = State[slot][i]!; // not null: made in Gather
            if (TensorLayout.Same(parameter.Handle, state.Handle)) continue;
            State[slot][i] = empty_like(parameter).copy_(state).DetachFromDisposeScope();
            state.Dispose();
        }

        if (TensorLayout.Same(parameter.Handle, gradient)) return gradient;
        if (!TensorLayout.IsDense(parameter.Handle))
            throw new InvalidOperationException($"Parameter {Indices[i]} is a view with gaps or overlap in memory; fused optimizers need one block of memory. Use the TorchSharp optimizer of the same name.");
        using var original = parameter.grad!; // not null: its handle was just read
        var copy = empty_like(parameter).copy_(original).DetachFromDisposeScope();
        _temporaries.Add(copy);
        return copy.Handle;
    }

    private MisconfigurationException Sparse(int i, FusedOptimizer owner) => new(
        $"{owner.GetType().Name} takes dense gradients; the gradient of parameter {Indices[i]} is sparse. "
        + "Build its layer without sparse gradients (Embedding(..., sparse: false)), or give it to FusedSGD.");

    private InvalidOperationException Moved(int i) => new(
        $"Parameter {Indices[i]} of the optimizer no longer exists. Moving or converting a module (module.to(...)) replaces its parameters: "
        + "build the optimizer after that.");
}
