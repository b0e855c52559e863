using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>
/// Follows half a cosine from the base learning rate down to <c>etaMin</c> within <c>tMax</c> steps, and up again if stepped further:
/// etaMin + (lr₀ − etaMin) · (1 + cos(π t / tMax)) / 2.
/// </summary>
public sealed class CosineAnnealingLR : LearningRateScheduler
{
    private int _tMax;
    private double _etaMin;

    /// <summary>Attaches the schedule and sets the first learning rate.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="tMax">Steps from the highest to the lowest learning rate, 1 or greater.</param>
    /// <param name="etaMin">The lowest learning rate.</param>
    public CosineAnnealingLR(torch.optim.Optimizer optimizer, int tMax, double etaMin = 0)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tMax);
        (_tMax, _etaMin) = (tMax, etaMin);
        Start();
    }

    private protected override bool FollowsNewGroups => true;

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
    {
        var height = BaseLearningRates[group] - _etaMin;
        var before = LastEpoch == 0 ? BaseLearningRates[group] : _etaMin + (height * Wave(LastEpoch - 1));
        if (Math.Abs(current - before) <= 1e-9 * Math.Abs(BaseLearningRates[group]))
        {
            return _etaMin + (height * Wave(LastEpoch));
        }

        if (LastEpoch == 0)
        {
            return current;
        }

        // Somebody else changed the learning rate: PyTorch's recursive formula, with its way out where the cosine was at its lowest.
        return (LastEpoch - 1 - _tMax) % (2L * _tMax) == 0
            ? current + (height * (1 - Math.Cos(Math.PI / _tMax)) / 2)
            : _etaMin + ((current - _etaMin) * Wave(LastEpoch) / Wave(LastEpoch - 1));
    }

    private protected override double LearningRateAtHandover(int group, double current) => BaseLearningRates[group];

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["T_max"] = (long)_tMax;
        state["eta_min"] = _etaMin;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        _tMax = state.Count("T_max", _tMax);
        _etaMin = state.Number("eta_min", _etaMin);
    }

    private double Wave(long step) => (1 + Math.Cos(Math.PI * step / _tMax)) / 2;
}
