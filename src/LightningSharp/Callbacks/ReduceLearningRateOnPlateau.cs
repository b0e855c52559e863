using System.Globalization;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;

namespace LightningSharp.Callbacks;

/// <summary>
/// Lowers the learning rates of all optimizers when a logged value has not improved for some epochs; no scheduler has to be configured. Keras's counting: with a patience of n
/// the n-th epoch without improvement lowers them. (The scheduler of the same purpose, <see cref="Optimization.ReduceLROnPlateau"/>, counts as PyTorch: one more.)
/// </summary>
/// <param name="monitor">The key under which the value is logged.</param>
/// <example><code>Callbacks = [new ReduceLearningRateOnPlateau("val_loss") { Factor = 0.5, Patience = 3 }]</code></example>
public sealed class ReduceLearningRateOnPlateau(string monitor) : Callback, IStateful
{
    private readonly string _monitor = !string.IsNullOrWhiteSpace(monitor) ? monitor : throw new ArgumentException("ReduceLearningRateOnPlateau needs the key of a logged value: received an empty one.", nameof(monitor));
    private double _best = double.NaN;
    private MonitorMode? _direction;
    private int _wait;
    private int _cooldown;

    /// <summary>What the learning rate is multiplied by.</summary>
    /// <value>Default: 0.1.</value>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, FormattableString.Invariant($"Factor = {value}: expected above 0 and below 1."));
    }
    = 0.1;

    /// <summary>Epochs without improvement.</summary>
    /// <value>Default: 10.</value>
    public int Patience
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, $"Patience = {value}: expected 1 or more epochs.");
    }
    = 10;

    /// <summary>How much better a value must be to count as an improvement.</summary>
    /// <value>Default: 1e-4.</value>
    public double MinDelta { get; init; } = 1e-4;

    /// <summary>Epochs after a reduction in which nothing is counted.</summary>
    /// <value>Default: 0.</value>
    public int Cooldown { get; init; }

    /// <summary>The learning rate does not go below this.</summary>
    /// <value>Default: 0.</value>
    public double MinLearningRate { get; init; }

    /// <summary>Whether less or more is better.</summary>
    /// <value>Default: <see cref="MonitorMode.Min"/>.</value>
    public MonitorMode Mode { get; init; } = MonitorMode.Min;

    /// <summary>Whether a value that was not logged is an error.</summary>
    /// <value>Default: true.</value>
    public bool Strict { get; init; } = true;

    /// <inheritdoc/>
    public override string StateKey => $"ReduceLearningRateOnPlateau{{'monitor': '{_monitor}'}}";

    /// <inheritdoc/>
    public override bool Monitors => true;

    /// <inheritdoc/>
    public override void OnReset() => (_best, _direction, _wait, _cooldown) = (double.NaN, null, 0, 0);

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        if (context.Trainer.Schedulers.Count > 0)
            context.Trainer.Messages.Warn(MessageId.Information, "ReduceLearningRateOnPlateau runs beside a scheduler, which may overwrite what it sets. Use one of the two.");
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (!MonitoredMetric.TryRead(context.Trainer, _monitor, nameof(ReduceLearningRateOnPlateau), Strict, verbose: true, out var value)) return;
        if (_cooldown > 0) (_cooldown, _wait) = (_cooldown - 1, 0);
        _direction ??= MonitorDirection.Resolve(context.Trainer, _monitor, Mode, nameof(ReduceLearningRateOnPlateau));
        if (double.IsNaN(_best) || (_direction == MonitorMode.Min ? value < _best - MinDelta : value > _best + MinDelta))
        {
            (_best, _wait) = (value, 0);
            return;
        }

        if (_cooldown > 0 || ++_wait < Patience) return;
        (_wait, _cooldown) = (0, Cooldown);
        Reduce(context.Trainer);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict()
        => new Dictionary<string, object?> { ["best"] = _best, ["wait"] = (long)_wait, ["cooldown_counter"] = (long)_cooldown };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_best, _wait, _cooldown) = (state.Number("best", _best), state.Count("wait", _wait), state.Count("cooldown_counter", _cooldown));
    }

    private void Reduce(Trainer trainer)
    {
        foreach (var group in trainer.Optimizers.SelectMany(optimizer => optimizer.Optimizer.ParamGroups))
        {
            var reduced = Math.Max(group.LearningRate * Factor, MinLearningRate);
            if (reduced < group.LearningRate) group.LearningRate = reduced;
        }

        trainer.Messages.Inform(
            MessageId.Information, $"{_monitor} has not improved on {_best.ToString(CultureInfo.InvariantCulture)} for {Patience} epochs: the learning rates are lowered.");
    }
}
