using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>
/// Follows half a cosine from the base learning rate down to <c>etaMin</c>, again and again; each period is <c>tMult</c> times as long as the one before
/// (SGDR, Loshchilov and Hutter 2017).
/// </summary>
public sealed class CosineAnnealingWarmRestarts : LearningRateScheduler
{
    private int _t0;
    private int _tMult;
    private double _etaMin;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="t0">The length of the first period in steps, 1 or greater.</param>
    /// <param name="tMult">How many times longer each period is than the one before, 1 or greater.</param>
    /// <param name="etaMin">The lowest learning rate.</param>
    public CosineAnnealingWarmRestarts(torch.optim.Optimizer optimizer, int t0, int tMult = 1, double etaMin = 0)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(t0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tMult);
        (_t0, _tMult, _etaMin) = (t0, tMult, etaMin);
        Start();
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
    {
        var (position, length) = Period(LastEpoch);
        return _etaMin + ((BaseLearningRates[group] - _etaMin) * (1 + Math.Cos(Math.PI * position / length)) / 2);
    }

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (position, length) = Period(Math.Max(LastEpoch, 0));
        state["T_0"] = (long)_t0;
        state["T_i"] = length;
        state["T_mult"] = (long)_tMult;
        state["eta_min"] = _etaMin;
        state["T_cur"] = LastEpoch < 0 ? LastEpoch : position;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _t0 = state.Count("T_0", _t0);
        _tMult = state.Count("T_mult", _tMult);
        _etaMin = state.Number("eta_min", _etaMin);
    }

    private (long Position, long Length) Period(long step)
    {
        if (_tMult == 1)
        {
            return (step % _t0, _t0);
        }

        long length = _t0;
        while (step >= length)
        {
            step -= length;
            length *= _tMult;
        }

        return (step, length);
    }
}
