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

    /// <summary>Puts fresh states in place, here and in inner metrics; <see cref="EndBatch"/> or <see cref="AbandonBatch"/> must follow.</summary>
    private protected BatchMark BeginBatch()
    {
        var earlier = new MetricState.Content[_states.Count];
        for (var i = 0; i < earlier.Length; i++) earlier[i] = _states[i].Take();
        if (_children.Count == 0) return new(earlier, [], UpdateCount, TakeOwn());
        var children = new BatchMark[_children.Count];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = _children[i].BeginBatch();
            _children[i].UpdateCount = 0;
            _children[i].ForgetValues();
        }

        return new(earlier, children, UpdateCount, TakeOwn());
    }

    /// <summary>Merges the batch's states into the earlier ones.</summary>
    private protected void EndBatch(BatchMark mark) => Join(mark, UpdateCount, 1);

    /// <summary>Throws the batch's states away.</summary>
    private protected void AbandonBatch(BatchMark mark)
    {
        for (var i = 0; i < _states.Count; i++) _states[i].Restore(mark.States[i]);
        for (var i = 0; i < mark.Children.Length; i++)
        {
            _children[i].AbandonBatch(mark.Children[i]);
            _children[i].UpdateCount = mark.Children[i].Updates;
            _children[i].ForgetValues();
        }

        RestoreOwn(mark.Own);
    }

    /// <summary>Gives away what is kept beside states and inner metrics and starts empty.</summary>
    private protected virtual object? TakeOwn() => null;

    /// <summary>Drops what is kept now and goes on with what <see cref="TakeOwn"/> gave away.</summary>
    private protected virtual void RestoreOwn(object? own)
    {
    }

    /// <summary>Puts what <see cref="TakeOwn"/> gave away before what is kept now.</summary>
    private protected virtual void JoinOwn(object? earlier)
    {
    }

    private void Join(BatchMark mark, long earlierUpdates, long updates)
    {
        for (var i = 0; i < _states.Count; i++) _states[i].MergeEarlier(mark.States[i], earlierUpdates, updates);
        for (var i = 0; i < mark.Children.Length; i++)
        {
            var child = _children[i];
            child.Join(mark.Children[i], mark.Children[i].Updates, child.UpdateCount);
            child.UpdateCount += mark.Children[i].Updates;
            child.ForgetValues();
        }

        JoinOwn(mark.Own);
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

    /// <summary>Goes on with a copy of the shared statistics.</summary>
    internal void LeaveGroup()
    {
        if (!_shared) return;
        foreach (var state in _states) state.Unshare();
        _shared = false;
    }

    /// <summary>The leader has been updated: so has this one.</summary>
    internal void CountSharedUpdate() => CountUpdate();

    /// <summary>What a metric had seen before a batch that is measured alone.</summary>
    private protected sealed record BatchMark(MetricState.Content[] States, BatchMark[] Children, long Updates, object? Own);
}
