using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch.optim;

namespace LightningSharp.Optimization;

/// <summary>
/// A learning-rate schedule whose state can be saved, unlike TorchSharp's own. It counts its steps and writes the learning rates of the optimizer's
/// parameter groups; the state has PyTorch's key names, so that a checkpoint can go either way between Python and .NET.
/// </summary>
/// <remarks>
/// Values are those of PyTorch's class of the same name. A schedule whose learning rates nobody else touched is evaluated from the step counter
/// and the base learning rates alone, so that no rounding error piles up and resuming is exact; where something else changed them (a second
/// scheduler, a callback), the schedules that multiply in PyTorch go on from the changed value. As in PyTorch, loading a state does not write the
/// learning rates: they come back with the state of the optimizer.
/// </remarks>
public abstract class LearningRateScheduler : IStateful
{
    // PyTorch marks a group that has had a scheduler with an entry "initial_lr"; TorchSharp's groups always have one, so the mark is kept here.
    private static readonly ConditionalWeakTable<ILearningRateController, object> Scheduled = [];

    private readonly List<ILearningRateController> _groups;
    private readonly List<double> _baseLearningRates = [];
    private double[] _lastLearningRates;
    private bool _started;

    /// <summary>Attaches the schedule. The deriving constructor sets its own fields and then calls <see cref="Start"/>.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <exception cref="MisconfigurationException">The optimizer has no parameter groups.</exception>
    protected LearningRateScheduler(torch.optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer = optimizer;
        _groups = [.. optimizer.ParamGroups ?? []];
        if (_groups.Count == 0)
        {
            throw new MisconfigurationException(
                $"{GetType().Name} was given a {optimizer.GetType().Name} without parameter groups, so there is no learning rate to schedule. Give the optimizer its parameters first.");
        }

        _lastLearningRates = [.. _groups.Select(group => group.LearningRate)];
    }

    /// <summary>The optimizer whose learning rates are set.</summary>
    public torch.optim.Optimizer Optimizer { get; }

    /// <summary>How often the schedule was stepped since its start (PyTorch's <c>last_epoch</c>): 0 after construction.</summary>
    public long LastEpoch { get; private protected set; }

    /// <summary>PyTorch's <c>_step_count</c>: the steps including the one that construction makes.</summary>
    public long StepCount { get; private protected set; }

    /// <summary>The learning rates that the schedule starts from, one for each parameter group.</summary>
    public IReadOnlyList<double> BaseLearningRates => _baseLearningRates;

    /// <summary>The learning rates after the latest step, one for each parameter group.</summary>
    public IReadOnlyList<double> LastLearningRates => _lastLearningRates;

    /// <summary>The parameter groups in the optimizer's order.</summary>
    protected IReadOnlyList<ILearningRateController> Groups => _groups;

    /// <summary>True for schedules that multiply: they also drive groups added to the optimizer later, as in PyTorch.</summary>
    private protected virtual bool FollowsNewGroups => false;

    /// <summary>True for schedules that note the base learning rate in the group, so that a later schedule starts from it and not from what it is now.</summary>
    private protected virtual bool MarksGroups => true;

    /// <summary>Advances the schedule by one and writes the learning rates.</summary>
    public virtual void Step()
    {
        EnsureStarted();
        FollowGroups();
        LastEpoch++;
        StepCount++;
        WriteLearningRates();
    }

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, object?> StateDict()
    {
        var state = new Dictionary<string, object?>();
        SaveOwn(state);
        state["base_lrs"] = Boxed(_baseLearningRates);
        state["last_epoch"] = LastEpoch;
        state["_step_count"] = StepCount;
        state["_get_lr_called_within_step"] = false;
        state["_last_lr"] = Boxed(_lastLearningRates);
        return state;
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">The state does not fit: more parameter groups than the optimizer has, or values of another type.</exception>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        FollowGroups();
        var bases = CheckCount(state.Numbers("base_lrs"), "base_lrs");
        var last = CheckCount(state.Numbers("_last_lr"), "_last_lr");
        var (lastEpoch, stepCount) = (state.Whole("last_epoch", LastEpoch), state.Whole("_step_count", StepCount));
        LoadOwn(state);
        _started = true;
        (LastEpoch, StepCount) = (lastEpoch, stepCount);
        for (var group = 0; group < bases?.Length; group++)
        {
            SetBase(group, bases[group]);
        }

        last?.CopyTo(_lastLearningRates, 0);
    }

    /// <summary>
    /// What PyTorch's class of this name keeps in the parameter group itself (<c>initial_lr</c>, and <c>max_lr</c>, <c>min_lr</c>, … of the cyclic ones):
    /// Python needs these entries in the saved state of the optimizer to go on.
    /// </summary>
    /// <param name="group">The number of the parameter group.</param>
    public virtual IReadOnlyDictionary<string, object?> GroupEntries(int group)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        return group < _baseLearningRates.Count
            ? new Dictionary<string, object?> { ["initial_lr"] = _baseLearningRates[group] }
            : new Dictionary<string, object?>();
    }

    /// <summary>The learning rate of a group at step <see cref="LastEpoch"/>. Called with 0 during construction.</summary>
    /// <param name="group">The number of the parameter group, an index into <see cref="BaseLearningRates"/>.</param>
    /// <param name="current">The learning rate that the group has now; schedules that do not multiply ignore it.</param>
    protected abstract double LearningRateAt(int group, double current);

    /// <summary>The learning rate when <see cref="SequentialLR"/> hands over to this schedule (its step 0).</summary>
    private protected virtual double LearningRateAtHandover(int group, double current) => LearningRateAt(group, current);

    /// <summary>Adds the schedule's own settings and counters to the state, under PyTorch's names.</summary>
    /// <param name="state">The state to add to; the common entries are added after it.</param>
    protected virtual void SaveOwn(IDictionary<string, object?> state)
    {
    }

    /// <summary>Takes the schedule's own settings and counters out of a saved state.</summary>
    /// <param name="state">The saved state; missing entries keep what is there.</param>
    protected virtual void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
    }

    /// <summary>
    /// Remembers the base learning rates and sets the learning rates of step 0: to be called at the end of the constructor. (A deriving class that forgets it
    /// is started by its first <see cref="Step"/>.)
    /// </summary>
    protected void Start()
    {
        if (_started)
        {
            return;
        }

        _started = true;
        foreach (var group in _groups)
        {
            AddBase(group);
        }

        WriteFirst();
    }

    /// <summary>The initial step once more, after <see cref="Undo"/>.</summary>
    internal virtual void Restart() => WriteFirst();

    /// <summary>Takes the initial step back: this schedule is to wait for its turn.</summary>
    internal virtual void Undo() => LastEpoch = -1;

    /// <summary>Step 0 again, in the middle of a sequence; unlike <see cref="Restart"/> it ignores what the group's learning rate is now.</summary>
    internal virtual void TakeOver()
    {
        FollowGroups();
        LastEpoch = 0;
        for (var group = 0; group < _baseLearningRates.Count; group++)
        {
            _groups[group].LearningRate = LearningRateAtHandover(group, _groups[group].LearningRate);
        }

        WriteOthers();
        RememberLearningRates();
    }

    internal void ResetToBase()
    {
        for (var group = 0; group < _baseLearningRates.Count; group++)
        {
            _groups[group].LearningRate = _baseLearningRates[group];
        }
    }

    /// <summary>Momentum and other values that go with the learning rate.</summary>
    private protected virtual void WriteOthers()
    {
    }

    /// <summary>Evaluates the schedule at <see cref="LastEpoch"/> and writes the learning rates.</summary>
    private protected void WriteLearningRates()
    {
        for (var group = 0; group < _baseLearningRates.Count; group++)
        {
            _groups[group].LearningRate = LearningRateAt(group, _groups[group].LearningRate);
        }

        WriteOthers();
        RememberLearningRates();
    }

    private protected void RememberLearningRates()
    {
        for (var group = 0; group < _groups.Count; group++)
        {
            _lastLearningRates[group] = _groups[group].LearningRate;
        }

        NativeOptimizer.Synchronize(Optimizer);
    }

    private protected void SetBase(int group, double learningRate)
    {
        while (_baseLearningRates.Count <= group)
        {
            _baseLearningRates.Add(_groups[_baseLearningRates.Count].LearningRate);
        }

        _baseLearningRates[group] = learningRate;
    }

    /// <summary>One item for all groups, or one for each.</summary>
    private protected T[] OneForEachGroup<T>(IReadOnlyList<T> items, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        return items.Any(item => item is null) ? throw new ArgumentNullException(name)
            : items.Count == _groups.Count ? [.. items]
            : items.Count == 1 ? [.. Enumerable.Repeat(items[0], _groups.Count)]
            : throw new ArgumentException(
                $"{GetType().Name} needs one of {name} for all parameter groups or one for each of the optimizer's {_groups.Count}. Received: {items.Count}.", name);
    }

    private protected static List<object?> Boxed(IEnumerable<double> values) => [.. values.Select(value => (object?)value)];

    private protected void EnsureStarted()
    {
        if (!_started)
        {
            Start();
        }
    }

    /// <summary>Groups that were added to the optimizer since (unfreezing) are noticed here, without cost when there are none.</summary>
    private protected void FollowGroups()
    {
        if (Optimizer.ParamGroups is not IReadOnlyCollection<ILearningRateController> groups || groups.Count == _groups.Count)
        {
            return;
        }

        _groups.Clear();
        _groups.AddRange(groups);
        Array.Resize(ref _lastLearningRates, _groups.Count);
        while (FollowsNewGroups && _baseLearningRates.Count < _groups.Count)
        {
            AddBase(_groups[_baseLearningRates.Count]);
        }
    }

    private protected void MarkScheduled(int group, double initialLearningRate)
    {
        _groups[group].InitialLearningRate = initialLearningRate;
        Scheduled.AddOrUpdate(_groups[group], Scheduled);
    }

    private void WriteFirst()
    {
        LastEpoch = 0;
        StepCount = 1;
        WriteLearningRates();
    }

    private void AddBase(ILearningRateController group)
    {
        var marked = Scheduled.TryGetValue(group, out _);
        if (!marked && MarksGroups)
        {
            group.InitialLearningRate = group.LearningRate;
            Scheduled.Add(group, Scheduled);
        }

        _baseLearningRates.Add(marked ? group.InitialLearningRate : group.LearningRate);
    }

    private double[]? CheckCount(double[]? values, string key) => values is null || values.Length <= _groups.Count
        ? values
        : throw new CheckpointException(
            $"The saved state of {GetType().Name} holds {values.Length} values under '{key}', but the optimizer has {_groups.Count} parameter groups. Build the optimizer with the same groups as when the checkpoint was written.");
}
