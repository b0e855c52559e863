namespace LightningSharp.Optimization;

/// <summary>
/// Schedules any number by the step: weight decay, momentum, a temperature, the weight of a loss. The curve is a function of a saved step counter, so that resuming is exact;
/// <see cref="Curves"/> has the usual ones.
/// </summary>
/// <example><code>
/// var decay = new ValueScheduler(Curves.Piecewise((0, 0.0), (1_000, 0.1)), value => group.Options.weight_decay = value);
/// </code></example>
public sealed class ValueScheduler : IStateful
{
    private readonly Func<long, double> _curve;
    private readonly Action<double> _write;

    /// <summary>Writes the value of step 0.</summary>
    /// <param name="curve">The value at a step (0, 1, 2, …).</param>
    /// <param name="write">Puts the value where it belongs.</param>
    public ValueScheduler(Func<long, double> curve, Action<double> write)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(write);
        (_curve, _write) = (curve, write);
        Write();
    }

    /// <summary>How often it was stepped.</summary>
    public long LastEpoch { get; private set; }

    /// <summary>The value written last.</summary>
    public double Value { get; private set; }

    /// <summary>Advances by one and writes the value.</summary>
    public void Step()
    {
        LastEpoch++;
        Write();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["last_epoch"] = LastEpoch };

    /// <summary>Goes on at the saved step and writes its value.</summary>
    /// <param name="state">The saved state.</param>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LastEpoch = state.Whole("last_epoch", LastEpoch);
        Write();
    }

    private void Write() => _write(Value = _curve(LastEpoch));
}
