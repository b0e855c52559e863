using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>The gradients of a set of parameters as borrowed handles; reused from step to step, so that collecting allocates nothing.</summary>
internal sealed unsafe class GradientList
{
    /// <summary>Above this many elements libtorch's parallel operators are faster than a loop of ours.</summary>
    private const long Large = 262_144;

    private readonly List<Tensor> _wrappers = [];
    private nint[] _handles = new nint[64];
    private Parameter[] _owners = new Parameter[64];

    public int Count { get; private set; }

    /// <summary>Whether all gradients are ordinary tensors in the memory of the CPU, and their handles can be read.</summary>
    public bool IsOnCpu { get; private set; }

    /// <summary>Whether the first gradient is of double precision, hence the norm should be.</summary>
    public bool IsDouble => Count > 0 && StableAbi.ElementType(_handles[0]) == (int)ScalarType.Float64;

    public ReadOnlySpan<nint> Handles => _handles.AsSpan(0, Count);

    public void Collect(IEnumerable<Parameter> parameters)
    {
        IsOnCpu = StableAbi.IsAvailable;
        if (parameters is Parameter[] array)
        {
            foreach (var parameter in array) Add(parameter);
            return;
        }

        foreach (var parameter in parameters) Add(parameter);
    }

    /// <summary>The values of one gradient when it is worth a loop of ours: float32, one block of memory, not large, not part of a graph.</summary>
    public Span<float> Floats(int i)
    {
        var handle = _handles[i];
        if (StableAbi.ElementType(handle) != (int)ScalarType.Float32) return default;
        var count = StableAbi.Count(handle);
        return count is > 0 and <= Large && TensorLayout.IsDense(handle) ? new(StableAbi.Data(handle), (int)count) : default;
    }

    /// <summary>A wrapper of one gradient; <see cref="Clear"/> frees it.</summary>
    public Tensor Wrap(int i)
    {
        var wrapper = _owners[i].grad!.DetachFromDisposeScope(); // not null: collected because it has one
        _wrappers.Add(wrapper);
        return wrapper;
    }

    /// <summary>Wrappers of all gradients; <see cref="Clear"/> frees them.</summary>
    public Tensor[] WrapAll()
    {
        var all = new Tensor[Count];
        for (var i = 0; i < all.Length; i++) all[i] = Wrap(i);
        return all;
    }

    /// <summary>Fills all with zeros.</summary>
    public void Zero()
    {
        if (Count == 0) return;
        if (Dispatcher.IsAvailable && Uniform())
        {
            Dispatcher.ForeachZero(Handles);
            return;
        }

        for (var i = 0; i < Count; i++) Wrap(i).zero_();
    }

    /// <summary>Multiplies all by <paramref name="inverseScale"/>; <paramref name="foundInf"/> becomes 1 when a value is not finite.</summary>
    public void Unscale(Tensor foundInf, Tensor inverseScale)
    {
        if (Count == 0) return;
        if (Dispatcher.IsAvailable && Uniform() && SameDevice())
        {
            Dispatcher.AmpUnscale(Handles, foundInf, inverseScale);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            using var scope = NewDisposeScope();
            var gradient = Wrap(i);
            var values = gradient.is_sparse ? gradient.to_dense() : gradient;
            foundInf.copy_(foundInf.maximum(values.isfinite().all().logical_not().to(float32).to(foundInf.device)));
            gradient.mul_(inverseScale.to(gradient.device));
        }
    }

    public void Clear()
    {
        foreach (var wrapper in _wrappers) wrapper.Dispose();
        _wrappers.Clear();
        Array.Clear(_owners, 0, Count);
        Count = 0;
    }

    private bool SameDevice()
    {
        for (var i = 1; i < Count; i++)
        {
            if (_owners[i].device_type != _owners[0].device_type || _owners[i].device_index != _owners[0].device_index) return false;
        }

        return true;
    }

    private bool Uniform()
    {
        foreach (var handle in Handles)
        {
            if (!StableAbi.IsStrided(handle)) return false;
        }

        return true;
    }

    private void Add(Parameter parameter)
    {
        nint handle;
        if (GradientReader.IsAvailable)
        {
            handle = GradientReader.Read(parameter.Handle);
        }
        else
        {
            var wrapper = parameter.grad?.DetachFromDisposeScope();
            handle = wrapper?.Handle ?? 0;
            if (wrapper is not null) _wrappers.Add(wrapper);
        }

        if (handle == 0 || (StableAbi.IsAvailable && StableAbi.Count(handle) == 0)) return; // libtorch refuses some norms of nothing
        if (Count == _handles.Length)
        {
            Array.Resize(ref _handles, Count * 2);
            Array.Resize(ref _owners, Count * 2);
        }

        if (IsOnCpu) IsOnCpu = parameter.device_type == DeviceType.CPU && StableAbi.IsStrided(handle);
        _handles[Count] = handle;
        _owners[Count++] = parameter;
    }
}
