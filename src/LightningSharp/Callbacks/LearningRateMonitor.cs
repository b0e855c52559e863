using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace LightningSharp.Callbacks;

/// <summary>
/// Sends the learning rates to the loggers. A rate is called <c>lr-Adam</c>, or by the <see cref="SchedulerSetup.Name"/> of its scheduler; a second optimizer of the
/// same type gets <c>-1</c>, the groups of an optimizer with several <c>/pg1</c>, <c>/pg2</c>.
/// </summary>
/// <param name="loggingInterval">When to write.</param>
/// <param name="logMomentum">Also write the momentum (the first beta of Adam's family) as <c>…-momentum</c>; 0 where there is none.</param>
/// <param name="logWeightDecay">Also write the weight decay as <c>…-weight_decay</c>.</param>
/// <example><code>Callbacks = [new LearningRateMonitor(LearningRateInterval.Step)]</code></example>
public sealed class LearningRateMonitor(
    LearningRateInterval loggingInterval = LearningRateInterval.Automatic, bool logMomentum = false, bool logWeightDecay = false) : Callback
{
    private readonly Dictionary<string, List<double>> _history = [];

    /// <summary>Put in front of every key.</summary>
    /// <value>Default: nothing.</value>
    public string LogKeyPrefix { get; init; } = string.Empty;

    /// <summary>Names of the parameter groups of optimizers with several, in order; groups beyond the list are <c>pg3</c> and so on.</summary>
    /// <value>Default: none.</value>
    /// <exception cref="ArgumentException">A name occurs twice, or is one that an unnamed group has.</exception>
    public IReadOnlyList<string> GroupNames
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            if (value.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new ArgumentException($"LearningRateMonitor: the parameter group name '{twice.Key}' occurs {twice.Count()} times: the names become part of metric keys and must differ.", nameof(GroupNames));
        }
    }
    = [];

    /// <summary>What was written so far, by key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> LearningRates => _history.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double>)entry.Value);

    /// <inheritdoc/>
    public override void OnReset() => _history.Clear();

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        var trainer = context.Trainer;
        if (trainer.Loggers.Count == 0 && !trainer.Options.FastDevRun.IsOn && !trainer.Options.Barebones)
        {
            throw new MisconfigurationException(
                $"LearningRateMonitor writes to loggers, but this Trainer has none ({nameof(TrainerOptions.Loggers)} is empty). Add one, for example a CsvLogger, or remove the callback.");
        }

        if (logMomentum && trainer.Optimizers.Any(optimizer => optimizer.Optimizer.ParamGroups.Any(group => !GroupMomentum.IsSupportedBy(group))))
            trainer.Messages.Warn(MessageId.Information, "LearningRateMonitor shall log the momentum, but an optimizer has none: 0 is logged for it.");
        _history.Clear();
    }

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context)
    {
        if (loggingInterval != LearningRateInterval.Step) Write(context.Trainer, SchedulerInterval.Epoch);
    }

    /// <inheritdoc/>
    public override void OnTrainBatchStart(BatchContext context)
    {
        if (loggingInterval != LearningRateInterval.Epoch && context.Trainer.IsLogStep) Write(context.Trainer, SchedulerInterval.Step);
    }

    private void Write(Trainer trainer, SchedulerInterval moment)
    {
        var values = new Dictionary<string, double>();
        var seen = new HashSet<Optimizer>(ReferenceEqualityComparer.Instance);
        var types = new Dictionary<Type, int>();
        foreach (var setup in trainer.Schedulers)
        {
            var optimizer = setup.Scheduler.Optimizer;
            seen.Add(optimizer);
            var name = NameOf(optimizer, setup.Name, types);
            if (loggingInterval != LearningRateInterval.Automatic || setup.Interval == moment) Read(optimizer, name, values);
        }

        foreach (var wrapped in trainer.Optimizers)
        {
            if (!seen.Contains(wrapped.Optimizer) && !seen.Contains(wrapped.Entry.Optimizer)) Read(wrapped.Optimizer, NameOf(wrapped.Optimizer, null, types), values);
        }

        trainer.LogDirectly(values);
    }

    private static string NameOf(Optimizer optimizer, string? given, Dictionary<Type, int> types)
    {
        var type = optimizer.GetType();
        if (given is null) types[type] = types.GetValueOrDefault(type) + 1;
        var count = types.GetValueOrDefault(type);
        var kind = type.Name.StartsWith("Fused", StringComparison.Ordinal) ? type.Name[5..] : type.Name; // the Trainer may have exchanged it for its fused twin
        return (given ?? "lr-" + kind) + (count > 1 ? $"-{count - 1}" : string.Empty);
    }

    private void Read(Optimizer optimizer, string name, Dictionary<string, double> values)
    {
        var groups = optimizer.ParamGroups.ToArray();
        for (var i = 0; i < groups.Length; i++)
        {
            var key = LogKeyPrefix + (groups.Length > 1 ? $"{name}/{GroupName(i)}" : name);
            var rate = groups[i].LearningRate;
            values[key] = rate;
            Remember(name, key, rate);
            if (logMomentum) values[key + "-momentum"] = MomentumOf(groups[i]);
            if (logWeightDecay) values[key + "-weight_decay"] = WeightDecayOf(groups[i]);
        }
    }

    // A group that was added while training turns "lr-Adam" into "lr-Adam/pg1": its history goes with it.
    private void Remember(string name, string key, double rate)
    {
        if (!_history.TryGetValue(key, out var history))
        {
            var old = LogKeyPrefix + name;
            history = key != old && key.EndsWith("/" + GroupName(0), StringComparison.Ordinal) && _history.Remove(old, out var earlier) ? earlier : [];
            _history[key] = history;
        }

        history.Add(rate);
    }

    private string GroupName(int index) => index < GroupNames.Count ? GroupNames[index] : $"pg{index + 1}";

    private static double MomentumOf(ILearningRateController group) => group switch
    {
        IBetas betas => betas.Betas.Item1,
        IMomentum momentum => momentum.Momentum,
        _ => 0,
    };

    private static double WeightDecayOf(ILearningRateController group)
        => group is ParamGroup { Options: { } options } && OptimizerGroupEntries.Read(options, "weight_decay") is double decay ? decay : 0;
}
