using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>
/// What changes between a step boundary and the optimizer's step: position, random state, buffers. Everything else (parameters, optimizers, schedulers) stands still
/// meanwhile, so that with this any thread can write an exact checkpoint while the step thread is stuck in a native call.
/// </summary>
internal sealed class StepSnapshot : IDisposable
{
    // Larger buffers are constants (masks, encodings) in practice, and copying them in every step would show.
    private const long LargestBuffer = 1 << 16;

    private readonly Lock _gate = new();
    private (string Name, Tensor Live, Tensor Copy)[] _buffers = [];
    private Tensor? _random;
    private bool _valid;

    /// <summary>Where the run was.</summary>
    public Progress Progress { get; private set; }

    /// <summary>Whether the run was inside an epoch, behind <see cref="Progress"/> batches of it.</summary>
    public bool InsideEpoch { get; private set; }

    /// <summary>Whether the batch before it was the epoch's last.</summary>
    public bool IsLastBatch { get; private set; }

    /// <summary>What was left to do for the batch.</summary>
    public Loops.BatchPhase Phase { get; private set; }

    /// <summary>Where the loader was.</summary>
    public IReadOnlyDictionary<string, object?>? Loader { get; private set; }

    /// <summary>The random state there.</summary>
    public Tensor Random => _random!; // read only while valid

    /// <summary>Chooses the buffers to copy; once, when the module is complete.</summary>
    public void Begin(nn.Module module)
    {
        using var noGrad = no_grad();
        _buffers = [.. module.named_buffers().Where(entry => entry.buffer.numel() is > 0 and <= LargestBuffer)
            .Select(entry => (entry.name, entry.buffer, entry.buffer.clone().DetachFromDisposeScope()))];
    }

    /// <summary>Notes a boundary: about two microseconds, and one more per buffer.</summary>
    public void Take(Progress progress, bool insideEpoch, bool isLastBatch, Loops.BatchPhase phase, IReadOnlyDictionary<string, object?>? loader)
    {
        var random = RandomState.Read();
        lock (_gate)
        {
            _random?.Dispose();
            (_random, Progress, InsideEpoch, IsLastBatch, Phase, Loader) = (random, progress, insideEpoch, isLastBatch, phase, loader);
            foreach (var (_, live, copy) in _buffers) _ = copy.copy_(live); // the copy itself
            _valid = true;
        }
    }

    /// <summary>Before anything changes that the snapshot does not hold. Waits while a checkpoint is being written from it.</summary>
    public void Invalidate()
    {
        lock (_gate) _valid = false;
    }

    /// <summary>Runs <paramref name="save"/> while the run stands still at the boundary; false when there is none now.</summary>
    public bool TryUse(Action<StepSnapshot> save)
    {
        lock (_gate)
        {
            if (!_valid) return false;
            save(this);
            return true;
        }
    }

    /// <summary>The module's state with the buffers of the boundary.</summary>
    public Dictionary<string, Tensor> StateDict(nn.Module module)
    {
        var state = module.state_dict();
        foreach (var (name, _, copy) in _buffers)
        {
            if (state.ContainsKey(name)) state[name] = copy;
        }

        return state;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _valid = false;
            _random?.Dispose();
            _random = null;
            foreach (var (_, _, copy) in _buffers) copy.Dispose();
            _buffers = [];
        }
    }
}
