using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>
/// One rise from <c>maxLearningRate / divFactor</c> to <c>maxLearningRate</c> and one long fall far below the start, over the whole run; momentum goes the other way
/// (Smith and Topin 2019, in fastai's two-phase form unless <c>threePhase</c>). To be stepped after every optimizer step.
/// </summary>
/// <remarks>Without <c>totalSteps</c> the Trainer fills in the length of the run.</remarks>
public sealed class OneCycleLR : LearningRateScheduler, INeedsTotalSteps
{
    private readonly double _pctStart;
    private readonly double _finalDivFactor;
    private readonly bool _totalWasGiven;
    private double[] _phaseEnds = [];
    private double[] _maxLearningRates;
    private double[] _baseMomentums;
    private double[] _maxMomentums;
    private AnnealStrategy _anneal;
    private bool _cycleMomentum;
    private bool _threePhase;
    private int? _totalSteps;

    /// <summary>Attaches the schedule, sets the first learning rate and momentum.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set; what they were does not matter.</param>
    /// <param name="maxLearningRate">The peak; one for all groups or one for each.</param>
    /// <param name="totalSteps">The length of the run in steps, or null to have it filled in.</param>
    /// <param name="pctStart">The share of the run that rises, from 0 to 1.</param>
    /// <param name="annealStrategy">The curve.</param>
    /// <param name="cycleMomentum">Whether momentum (or the first beta) moves against the learning rate.</param>
    /// <param name="baseMomentum">The momentum at the peak.</param>
    /// <param name="maxMomentum">The momentum at both ends.</param>
    /// <param name="divFactor">The peak divided by the first learning rate.</param>
    /// <param name="finalDivFactor">The first learning rate divided by the last.</param>
    /// <param name="threePhase">Rise, symmetric fall, then a last decay, as in the paper.</param>
    public OneCycleLR(
        torch.optim.Optimizer optimizer,
        GroupValues maxLearningRate,
        int? totalSteps = null,
        double pctStart = 0.3,
        AnnealStrategy annealStrategy = AnnealStrategy.Cos,
        bool cycleMomentum = true,
        GroupValues? baseMomentum = null,
        GroupValues? maxMomentum = null,
        double divFactor = 25,
        double finalDivFactor = 1e4,
        bool threePhase = false)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps ?? 1, nameof(totalSteps));
        ArgumentOutOfRangeException.ThrowIfNegative(pctStart);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pctStart, 1);
        (_pctStart, _anneal, _cycleMomentum, _finalDivFactor, _threePhase) = (pctStart, annealStrategy, cycleMomentum, finalDivFactor, threePhase);
        _maxLearningRates = maxLearningRate.For(Groups.Count, nameof(maxLearningRate));
        _baseMomentums = (baseMomentum ?? 0.85).For(Groups.Count, nameof(baseMomentum));
        _maxMomentums = (maxMomentum ?? 0.95).For(Groups.Count, nameof(maxMomentum));
        if (cycleMomentum)
        {
            GroupMomentum.Check(Groups, nameof(OneCycleLR), optimizer.GetType().Name);
        }

        for (var group = 0; group < Groups.Count; group++)
        {
            MarkScheduled(group, _maxLearningRates[group] / divFactor);
        }

        _totalWasGiven = totalSteps is not null;
        SetTotal(totalSteps);
        Start();
    }

    /// <inheritdoc/>
    public int? TotalSteps
    {
        get => _totalSteps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(value));
            SetTotal(value);
            WriteLearningRates();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The total number of steps is unknown, or has been done already.</exception>
    public override void Step()
    {
        if (_totalSteps is null || LastEpoch >= _totalSteps)
        {
            throw new InvalidOperationException(_totalSteps is null
                ? "OneCycleLR was stepped without knowing the total number of steps. Pass totalSteps, or set TotalSteps before the first step."
                : $"OneCycleLR was stepped more often than the {_totalSteps} steps it was built for. Pass the total number of optimizer steps of the run, and step it once after each; an interval of epochs needs the number of epochs.");
        }

        base.Step();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GroupEntries(int group)
    {
        var entries = new Dictionary<string, object?>(base.GroupEntries(group));
        if (group < _maxLearningRates.Length)
        {
            entries["max_lr"] = _maxLearningRates[group];
            entries["min_lr"] = MinLearningRate(group);
            if (_cycleMomentum)
            {
                entries["max_momentum"] = _maxMomentums[group];
                entries["base_momentum"] = _baseMomentums[group];
            }
        }

        return entries;
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
    {
        var (phase, share) = Position();
        return Between(RateAtBoundary(group, phase), RateAtBoundary(group, phase + 1), share);
    }

    private protected override void WriteOthers()
    {
        if (!_cycleMomentum)
        {
            return;
        }

        var (phase, share) = Position();
        for (var group = 0; group < Math.Min(Groups.Count, _maxMomentums.Length); group++)
        {
            // Boundary 1 is the peak of the learning rate, where momentum is lowest.
            var (from, to) = (phase == 1 ? _baseMomentums[group] : _maxMomentums[group], phase == 0 ? _baseMomentums[group] : _maxMomentums[group]);
            GroupMomentum.Write(Groups[group], Between(from, to, share));
        }
    }

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["total_steps"] = (long?)_totalSteps;
        state["_schedule_phases"] = Phases();
        state["_anneal_func_type"] = _anneal == AnnealStrategy.Cos ? "cos" : "linear";
        state["cycle_momentum"] = _cycleMomentum;
        state["use_beta1"] = GroupMomentum.UsesBetas(Groups[0]);

        // Python keeps these in the optimizer's groups (see GroupEntries); to it they are three attributes more.
        state["max_lrs"] = Boxed(_maxLearningRates);
        state["base_momentums"] = Boxed(_baseMomentums);
        state["max_momentums"] = Boxed(_maxMomentums);
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _cycleMomentum = state.Flag("cycle_momentum", _cycleMomentum);
        _maxLearningRates = state.Numbers("max_lrs") ?? _maxLearningRates;
        _baseMomentums = state.Numbers("base_momentums") ?? _baseMomentums;
        _maxMomentums = state.Numbers("max_momentums") ?? _maxMomentums;
        _anneal = state.Text("_anneal_func_type") switch { "cos" => AnnealStrategy.Cos, "linear" => AnnealStrategy.Linear, _ => _anneal };

        // A length that the Trainer inferred belongs to this run: it may have been made longer since the checkpoint was written.
        var inferred = _totalSteps is not null && !_totalWasGiven;
        if (!inferred && state.Whole("total_steps", 0) is > 0 and var total)
        {
            SetTotal(checked((int)total));
            if (state.TryGetValue("_schedule_phases", out var phases) && phases is not null)
            {
                _phaseEnds = [.. StateValues.Items(phases, "_schedule_phases").OfType<IReadOnlyDictionary<string, object?>>().Select(phase => phase.Number("end_step", 0))];
                _threePhase = _phaseEnds.Length == 3;
            }
        }
    }

    private double MinLearningRate(int group) => BaseLearningRates[group] / _finalDivFactor;

    private double RateAtBoundary(int group, int boundary) => boundary switch
    {
        0 => BaseLearningRates[group],
        1 => _maxLearningRates[group],
        2 when _threePhase => BaseLearningRates[group],
        _ => MinLearningRate(group),
    };

    private double Between(double start, double end, double share) => _anneal == AnnealStrategy.Cos
        ? end + ((start - end) / 2 * (Math.Cos(Math.PI * share) + 1))
        : start + ((end - start) * share);

    private (int Phase, double Share) Position()
    {
        if (_phaseEnds.Length == 0)
        {
            return (0, 0);
        }

        var (phase, start) = (0, 0.0);
        while (phase < _phaseEnds.Length - 1 && LastEpoch > _phaseEnds[phase])
        {
            start = _phaseEnds[phase++];
        }

        // A phase of no length (a run of one step) ends where it starts.
        var length = _phaseEnds[phase] - start;
        return (phase, length == 0 ? 0 : (LastEpoch - start) / length);
    }

    private void SetTotal(int? total)
    {
        _totalSteps = total;
        _phaseEnds = total is not { } steps ? []
            : _threePhase ? [(_pctStart * steps) - 1, (2 * _pctStart * steps) - 2, steps - 1]
            : [(_pctStart * steps) - 1, steps - 1];
    }

    private List<object?> Phases()
    {
        string[] rates = _threePhase ? ["initial_lr", "max_lr", "initial_lr", "min_lr"] : ["initial_lr", "max_lr", "min_lr"];
        return [.. _phaseEnds.Select((end, phase) => (object?)new Dictionary<string, object?>
        {
            ["end_step"] = end,
            ["start_lr"] = rates[phase],
            ["end_lr"] = rates[phase + 1],
            ["start_momentum"] = phase == 1 ? "base_momentum" : "max_momentum",
            ["end_momentum"] = phase == 0 ? "base_momentum" : "max_momentum",
        })];
    }
}
