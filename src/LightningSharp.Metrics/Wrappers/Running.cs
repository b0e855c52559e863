using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Wrappers;

/// <summary>A metric over the latest updates only.</summary>
/// <typeparam name="TInput">What an update is given.</typeparam>
public sealed class Running<TInput> : Metric<TInput>
{
    private Queue<Metric<TInput>> _latest = new();

    /// <summary>Creates the wrapper.</summary>
    /// <param name="metric">The metric to copy for each update; owned from now on.</param>
    /// <param name="window">How many updates to look back.</param>
    public Running(Metric<TInput> metric, int window = 5)
    {
        InputCheck.Positive(GetName(), window, nameof(window));
        (Metric, Window) = (AddChild("metric", metric), window);
    }

    /// <summary>The wrapped metric; it stays empty.</summary>
    public Metric<TInput> Metric { get; }

    /// <summary>How many updates to look back.</summary>
    public int Window { get; }

    /// <inheritdoc/>
    public override bool? HigherIsBetter => Metric.HigherIsBetter;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Clear();
    }

    /// <summary>Takes in the other's latest updates as if they came after.</summary>
    public override void Merge(IReadOnlyDictionary<string, object?> state)
    {
        base.Merge(state);
        AddLatest(state);
    }

    /// <inheritdoc/>
    protected override void UpdateStates(TInput input)
    {
        var single = (Metric<TInput>)Metric.Clone();
        single.Update(input);
        Keep(single);
    }

    /// <inheritdoc/>
    protected override Tensor ComputeValue()
    {
        using var all = Metric.Clone();
        foreach (var single in _latest) all.Merge(single);
        return all.Compute();
    }

    /// <inheritdoc/>
    protected override void AddToStateDict(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["latest"] = _latest.Select(m => (object?)m.StateDict()).ToList();
    }

    /// <inheritdoc/>
    protected override void LoadFromStateDict(IReadOnlyDictionary<string, object?> state)
    {
        Clear();
        AddLatest(state);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Clear();
        base.Dispose(disposing);
    }

    private protected override object? TakeOwn()
    {
        var taken = _latest;
        _latest = new();
        return taken;
    }

    private protected override void RestoreOwn(object? own)
    {
        Clear();
        _latest = (Queue<Metric<TInput>>)own!; // what TakeOwn gave
    }

    private protected override void JoinOwn(object? earlier)
    {
        var later = _latest;
        _latest = (Queue<Metric<TInput>>)earlier!; // what TakeOwn gave
        foreach (var single in later) Keep(single);
    }

    private void AddLatest(IReadOnlyDictionary<string, object?> state)
    {
        if (state.GetValueOrDefault("latest") is not IEnumerable<object?> entries) return;
        foreach (var entry in entries.OfType<IReadOnlyDictionary<string, object?>>())
        {
            var single = (Metric<TInput>)Metric.Clone();
            single.LoadStateDict(entry);
            Keep(single);
        }
    }

    private void Keep(Metric<TInput> single)
    {
        _latest.Enqueue(single);
        if (_latest.Count > Window) _latest.Dequeue().Dispose();
    }

    private void Clear()
    {
        foreach (var single in _latest) single.Dispose();
        _latest.Clear();
    }
}
