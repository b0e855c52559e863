using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate by <c>gamma</c> at each milestone; a milestone named twice counts twice.</summary>
public sealed class MultiStepLR : FactorScheduler
{
    private long[] _milestones;
    private double _gamma;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="milestones">The steps at which the learning rate falls, in any order.</param>
    /// <param name="gamma">The factor of one milestone.</param>
    public MultiStepLR(torch.optim.Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Select(step => (long)step).Order()];
        _gamma = gamma;
        Start();
    }

    /// <inheritdoc/>
    protected override double Factor(long step)
    {
        // Step 0 keeps the learning rate in PyTorch even where 0 is a milestone.
        var passed = 0;
        while (passed < _milestones.Length && _milestones[passed] <= step)
        {
            passed++;
        }

        var atStart = 0;
        while (atStart < passed && _milestones[atStart] <= 0)
        {
            atStart++;
        }

        return Math.Pow(_gamma, passed - atStart);
    }

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var counts = new Dictionary<long, object?>();
        foreach (var milestone in _milestones)
        {
            // Python keeps them as a Counter: milestone to number of times.
            counts[milestone] = (long)(counts.GetValueOrDefault(milestone) ?? 0L) + 1;
        }

        state["milestones"] = counts;
        state["gamma"] = _gamma;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _gamma = state.Number("gamma", _gamma);
        if (state.TryGetValue("milestones", out var saved) && saved is not null)
        {
            _milestones = [.. StateValues.IntegerKeyed(saved, "milestones")
                .SelectMany(entry => Enumerable.Repeat(entry.Key, checked((int)StateValues.ToNumber(entry.Value, "milestones")))).Order()];
        }
    }
}
