using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>
/// Where a run was when its time was up, in the middle of an epoch. Hooks of the epoch's end still run after that and move counters on; checkpoints written then
/// keep this place, so that the run that goes on repeats and loses nothing.
/// </summary>
internal sealed class FrozenState : IDisposable
{
    private static readonly string[] Kept = ["epoch", "global_step", "loops", "lr_schedulers", Checkpointer.OwnKey];
    private readonly Dictionary<string, object?> _entries = [];
    private readonly Dictionary<string, object?> _callbacks = [];
    private readonly List<Tensor> _tensors = [];
    private readonly long _batchesSeen;

    public FrozenState(Trainer trainer, Checkpoint checkpoint)
    {
        _batchesSeen = trainer.Progress.BatchesSeen;
        foreach (var key in Kept) _entries[key] = Copy(checkpoint[key]);
        var own = trainer.Callbacks.OfType<Callbacks.ModelCheckpoint>().Select(callback => callback.StateKey).ToHashSet();
        foreach (var (key, state) in StateValue.Map(checkpoint["callbacks"]) ?? new Dictionary<string, object?>())
        {
            if (!own.Contains(key)) _callbacks[key] = Copy(state); // those must know the files that they write from now on
        }
    }

    /// <summary>Puts the place into a checkpoint of the same run that was made later.</summary>
    public void WriteInto(Checkpoint checkpoint, Trainer trainer)
    {
        if (trainer.Progress.BatchesSeen != _batchesSeen) return; // training went on after all
        foreach (var (key, value) in _entries)
        {
            if (value is not null) checkpoint[key] = value;
        }

        if (checkpoint["callbacks"] is not Dictionary<string, object?> callbacks) return;
        foreach (var (key, state) in _callbacks) callbacks[key] = state;
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
    }

    private object? Copy(object? value) => value switch
    {
        Tensor tensor => Keep(tensor),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(entry => entry.Key, entry => Copy(entry.Value)),
        IReadOnlyList<object?> list => list.Select(Copy).ToList(),
        _ => value,
    };

    private Tensor Keep(Tensor tensor)
    {
        var copy = tensor.detach().clone().DetachFromDisposeScope();
        _tensors.Add(copy);
        return copy;
    }
}
