using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>Moves the learning rate up and down between two bounds in triangles; momentum goes the other way (Smith 2017). To be stepped after every optimizer step.</summary>
public sealed class CyclicLR : LearningRateScheduler
{
    private readonly Func<double, double>? _scale;
    private CyclicMode _mode;
    private double _gamma;
    private double _totalSize;
    private double _stepRatio;
    private bool _scaleByCycle;
    private bool _cycleMomentum;
    private double[] _maxLearningRates;
    private double[] _baseMomentums;
    private double[] _maxMomentums;

    /// <summary>Attaches the schedule, sets the first learning rate and momentum.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set; what they were does not matter.</param>
    /// <param name="baseLearningRate">The lower bound; one for all groups or one for each.</param>
    /// <param name="maxLearningRate">The upper bound; one for all groups or one for each.</param>
    /// <param name="stepSizeUp">Steps of the rise.</param>
    /// <param name="stepSizeDown">Steps of the fall; null for as many.</param>
    /// <param name="mode">How the height changes; ignored where <paramref name="scale"/> is given.</param>
    /// <param name="gamma">The factor of <see cref="CyclicMode.ExponentialRange"/>.</param>
    /// <param name="scale">A factor of the height, as a function of the cycle (1, 2, …) or of the step. Not saved: build the scheduler with the same one before loading.</param>
    /// <param name="scaleByCycle">Whether <paramref name="scale"/> is given the cycle; otherwise the step.</param>
    /// <param name="cycleMomentum">Whether momentum (or the first beta) moves against the learning rate.</param>
    /// <param name="baseMomentum">The momentum at the upper bound of the learning rate.</param>
    /// <param name="maxMomentum">The momentum at the lower bound of the learning rate.</param>
    public CyclicLR(
        torch.optim.Optimizer optimizer,
        GroupValues baseLearningRate,
        GroupValues maxLearningRate,
        int stepSizeUp = 2000,
        int? stepSizeDown = null,
        CyclicMode mode = CyclicMode.Triangular,
        double gamma = 1,
        Func<double, double>? scale = null,
        bool scaleByCycle = true,
        bool cycleMomentum = true,
        GroupValues? baseMomentum = null,
        GroupValues? maxMomentum = null)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSizeUp);
        ArgumentOutOfRangeException.ThrowIfNegative(stepSizeDown ?? 0, nameof(stepSizeDown));
        (_mode, _gamma, _scale, _cycleMomentum) = (mode, gamma, scale, cycleMomentum);
        _scaleByCycle = scale is null ? mode != CyclicMode.ExponentialRange : scaleByCycle;
        _totalSize = stepSizeUp + (double)(stepSizeDown ?? stepSizeUp);
        _stepRatio = stepSizeUp / _totalSize;
        var bases = baseLearningRate.For(Groups.Count, nameof(baseLearningRate));
        _maxLearningRates = maxLearningRate.For(Groups.Count, nameof(maxLearningRate));
        _baseMomentums = (baseMomentum ?? 0.8).For(Groups.Count, nameof(baseMomentum));
        _maxMomentums = (maxMomentum ?? 0.9).For(Groups.Count, nameof(maxMomentum));
        if (cycleMomentum)
        {
            GroupMomentum.Check(Groups, nameof(CyclicLR), optimizer.GetType().Name);
        }

        for (var group = 0; group < Groups.Count; group++)
        {
            Groups[group].LearningRate = bases[group];
            MarkScheduled(group, bases[group]);
        }

        Start();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> GroupEntries(int group)
    {
        var entries = new Dictionary<string, object?>(base.GroupEntries(group));
        if (_cycleMomentum && group < _maxMomentums.Length)
        {
            entries["max_momentum"] = _maxMomentums[group];
            entries["base_momentum"] = _baseMomentums[group];
        }

        return entries;
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
        => BaseLearningRates[group] + ((_maxLearningRates[group] - BaseLearningRates[group]) * Height());

    private protected override void WriteOthers()
    {
        for (var group = 0; _cycleMomentum && group < Math.Min(Groups.Count, _maxMomentums.Length); group++)
        {
            GroupMomentum.Write(Groups[group], _maxMomentums[group] - ((_maxMomentums[group] - _baseMomentums[group]) * Height()));
        }
    }

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state["max_lrs"] = Boxed(_maxLearningRates);
        state["total_size"] = _totalSize;
        state["step_ratio"] = _stepRatio;
        state["mode"] = _mode switch { CyclicMode.Triangular => "triangular", CyclicMode.Triangular2 => "triangular2", _ => "exp_range" };
        state["gamma"] = _gamma;
        state["_scale_fn_custom"] = null;
        state["scale_mode"] = _scaleByCycle ? "cycle" : "iterations";
        state["cycle_momentum"] = _cycleMomentum;
        if (_cycleMomentum)
        {
            state["use_beta1"] = GroupMomentum.UsesBetas(Groups[0]);
            state["base_momentums"] = Boxed(_baseMomentums);
            state["max_momentums"] = Boxed(_maxMomentums);
        }
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _maxLearningRates = state.Numbers("max_lrs") ?? _maxLearningRates;
        _totalSize = state.Number("total_size", _totalSize);
        _stepRatio = state.Number("step_ratio", _stepRatio);
        _mode = state.Text("mode") switch { "triangular" => CyclicMode.Triangular, "triangular2" => CyclicMode.Triangular2, "exp_range" => CyclicMode.ExponentialRange, _ => _mode };
        _gamma = state.Number("gamma", _gamma);
        _scaleByCycle = state.Text("scale_mode") switch { "cycle" => true, "iterations" => false, _ => _scaleByCycle };
        _cycleMomentum = state.Flag("cycle_momentum", _cycleMomentum);
        _baseMomentums = state.Numbers("base_momentums") ?? _baseMomentums;
        _maxMomentums = state.Numbers("max_momentums") ?? _maxMomentums;
    }

    private double Height()
    {
        var cycle = Math.Floor(1 + (LastEpoch / _totalSize));
        var x = 1 + (LastEpoch / _totalSize) - cycle;
        var triangle = x <= _stepRatio ? x / _stepRatio : (x - 1) / (_stepRatio - 1);
        var argument = _scaleByCycle ? cycle : LastEpoch;
        return triangle * (_scale is not null ? _scale(argument) : _mode switch
        {
            CyclicMode.Triangular => 1,
            CyclicMode.Triangular2 => Math.Pow(2, 1 - argument),
            _ => Math.Pow(_gamma, argument),
        });
    }
}
