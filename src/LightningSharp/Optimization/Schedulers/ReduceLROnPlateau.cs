using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Multiplies the learning rate by <c>factor</c> when a metric has not improved for more than <c>patience</c> steps.</summary>
public sealed class ReduceLROnPlateau : MetricScheduler
{
    private PlateauMode _mode;
    private ThresholdMode _thresholdMode;
    private double _factor;
    private double _threshold;
    private double _eps;
    private double _best;
    private int _patience;
    private int _cooldown;
    private int _cooldownCounter;
    private int _badSteps;
    private double[] _minLearningRates;

    /// <summary>Attaches the schedule; the learning rates stay as they are.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="mode">Which direction of the metric is better.</param>
    /// <param name="factor">The factor of one reduction, below 1.</param>
    /// <param name="patience">How many steps without improvement are tolerated: with 0 the first one reduces.</param>
    /// <param name="threshold">What counts as an improvement.</param>
    /// <param name="thresholdMode">Whether the threshold is a share of the best value or in units of the metric.</param>
    /// <param name="cooldown">Steps after a reduction in which nothing is counted.</param>
    /// <param name="minLearningRate">The learning rate is never set below this; one for all groups or one for each.</param>
    /// <param name="eps">A reduction by no more than this is not made.</param>
    public ReduceLROnPlateau(
        torch.optim.Optimizer optimizer,
        PlateauMode mode = PlateauMode.Min,
        double factor = 0.1,
        int patience = 10,
        double threshold = 1e-4,
        ThresholdMode thresholdMode = ThresholdMode.Relative,
        int cooldown = 0,
        GroupValues minLearningRate = default,
        double eps = 1e-8)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        (_mode, _factor, _patience, _threshold, _thresholdMode, _cooldown, _eps) = (mode, factor, patience, threshold, thresholdMode, cooldown, eps);
        _minLearningRates = minLearningRate.For(Groups.Count, nameof(minLearningRate));
        _best = Worst;
        Start();
        StepCount = 0;
    }

    /// <summary>The best value of the metric so far; infinitely bad before the first step.</summary>
    public double Best => _best;

    /// <summary>Steps without improvement since the last improvement, reduction or cool-down.</summary>
    public int BadSteps => _badSteps;

    private double Worst => _mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity;

    /// <inheritdoc/>
    public override void Step(double metric)
    {
        FollowGroups();
        LastEpoch++;
        if (IsBetter(metric))
        {
            _best = metric;
            _badSteps = 0;
        }
        else
        {
            _badSteps++;
        }

        if (_cooldownCounter > 0)
        {
            _cooldownCounter--;
            _badSteps = 0;
        }

        if (_badSteps > _patience)
        {
            Reduce();
            _cooldownCounter = _cooldown;
            _badSteps = 0;
        }

        RememberLearningRates();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["factor"] = _factor,
        ["min_lrs"] = Boxed(_minLearningRates),
        ["patience"] = (long)_patience,
        ["cooldown"] = (long)_cooldown,
        ["cooldown_counter"] = (long)_cooldownCounter,
        ["mode"] = _mode == PlateauMode.Min ? "min" : "max",
        ["threshold"] = _threshold,
        ["threshold_mode"] = _thresholdMode == ThresholdMode.Relative ? "rel" : "abs",
        ["best"] = _best,
        ["num_bad_epochs"] = (long)_badSteps,
        ["mode_worse"] = Worst,
        ["eps"] = _eps,
        ["last_epoch"] = LastEpoch,
        ["_last_lr"] = Boxed(LastLearningRates),
    };

    // A plateau leaves no mark in the parameter group: PyTorch's class does not either.

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GroupEntries(int group) => new Dictionary<string, object?>();

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _factor = state.Number("factor", _factor);
        _patience = state.Count("patience", _patience);
        _cooldown = state.Count("cooldown", _cooldown);
        _cooldownCounter = state.Count("cooldown_counter", _cooldownCounter);
        _mode = state.Text("mode") switch { "min" => PlateauMode.Min, "max" => PlateauMode.Max, _ => _mode };
        _threshold = state.Number("threshold", _threshold);
        _thresholdMode = state.Text("threshold_mode") switch { "rel" => ThresholdMode.Relative, "abs" => ThresholdMode.Absolute, _ => _thresholdMode };
        _best = state.Number("best", _best);
        _badSteps = state.Count("num_bad_epochs", _badSteps);
        _eps = state.Number("eps", _eps);
        _minLearningRates = state.Numbers("min_lrs") ?? _minLearningRates;
    }

    // PyTorch sets no "initial_lr" here, so a later scheduler starts from the learning rate it finds.
    private protected override bool MarksGroups => false;

    private bool IsBetter(double metric) => (_mode, _thresholdMode) switch
    {
        (PlateauMode.Min, ThresholdMode.Relative) => metric < _best * (1 - _threshold),
        (PlateauMode.Min, _) => metric < _best - _threshold,
        (_, ThresholdMode.Relative) => metric > _best * (1 + _threshold),
        _ => metric > _best + _threshold,
    };

    private void Reduce()
    {
        for (var group = 0; group < Groups.Count; group++)
        {
            var old = Groups[group].LearningRate;
            var lowest = _minLearningRates[Math.Min(group, _minLearningRates.Length - 1)];
            var reduced = Math.Max(old * _factor, lowest);
            if (old - reduced > _eps)
            {
                Groups[group].LearningRate = reduced;
            }
        }
    }
}
