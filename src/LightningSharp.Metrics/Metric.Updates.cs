using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <content>The steps around one update, shared by the typed metrics and by collections.</content>
public abstract partial class Metric
{
    /// <summary>Called by a typed metric after its states have changed.</summary>
    private protected void CountUpdate()
    {
        UpdateCount++;
        ForgetValues();
    }

    /// <summary>Puts fresh states in place and returns the ones so far; <see cref="EndBatch"/> or <see cref="AbandonBatch"/> must follow.</summary>
    private protected MetricState.Content[] BeginBatch()
    {
        var earlier = new MetricState.Content[_states.Count];
        for (var i = 0; i < earlier.Length; i++) earlier[i] = _states[i].Take();
        return earlier;
    }

    /// <summary>Merges the batch's states into the earlier ones.</summary>
    private protected void EndBatch(MetricState.Content[] earlier)
    {
        for (var i = 0; i < earlier.Length; i++) _states[i].MergeEarlier(earlier[i], UpdateCount, 1);
    }

    /// <summary>Throws the batch's states away.</summary>
    private protected void AbandonBatch(MetricState.Content[] earlier)
    {
        for (var i = 0; i < earlier.Length; i++) _states[i].Restore(earlier[i]);
    }

    /// <summary>Keeps the value of the batch and returns a handle for the caller.</summary>
    private protected Tensor KeepBatchValue(Tensor value)
    {
        _batchValue?.Dispose();
        _batchValue = value.detach().DetachFromDisposeScope();
        return _batchValue.alias();
    }

    /// <summary>The value of the states as they are, copied out of them.</summary>
    private protected Tensor CurrentValue() => ComputeValue().clone();

    internal bool SharesStatesWith(Metric leader)
        => _states.Count == leader._states.Count && _states.Count > 0 && _states[0].SharesWith(leader._states[0]);

    /// <summary>Uses the leader's statistics from now on.</summary>
    internal void ShareStatesWith(Metric leader)
    {
        for (var i = 0; i < _states.Count; i++) _states[i].ShareWith(leader._states[i]);
        _shared = leader._shared = true;
    }

    /// <summary>The leader has been updated: so has this one.</summary>
    internal void CountSharedUpdate() => CountUpdate();
}
