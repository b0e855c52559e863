using System.Globalization;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Ends training when a logged value no longer improves. The rules are Lightning's: a value counts as improved when it is better than the best one by more than
/// <see cref="MinDelta"/>; <see cref="Patience"/> counts checks, not epochs. Numbers are compared in single precision, as they were logged.
/// </summary>
/// <example><code>Callbacks = [new EarlyStopping("val_loss") { Patience = 5, RestoreBestWeights = true }]</code></example>
public sealed class EarlyStopping : Callback, IStateful
{
    private readonly BestWeights _bestWeights = new();
    private float _bestScore;
    private bool _started;
    private bool _atTrainEpochEnd;
    private MonitorMode? _direction; // of Mode, once the value is there
    private bool _hasEnded; // before the checkpoint that is resumed

    /// <summary>Watches a value.</summary>
    /// <param name="monitor">The key under which it is logged.</param>
    public EarlyStopping(string monitor)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(monitor);
        Monitor = monitor;
    }

    /// <summary>The key of the watched value.</summary>
    public string Monitor { get; }

    /// <summary>How much better than the best value a value must be to count as an improvement.</summary>
    /// <value>Default: 0: any improvement counts, an equal value does not.</value>
    public double MinDelta
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MinDelta), value, $"MinDelta = {Text(value)}: expected 0 or more. The direction is set by Mode.");
    }

    /// <summary>After how many checks in a row without improvement training ends.</summary>
    /// <value>Default: 3.</value>
    public int Patience
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, $"Patience = {value}: expected 0 or more checks.");
    }
    = 3;

    /// <summary>Whether less or more is better. <see cref="MonitorMode.Auto"/> asks the logged metric object.</summary>
    /// <value>Default: <see cref="MonitorMode.Min"/>.</value>
    public MonitorMode Mode { get; init; } = MonitorMode.Min;

    /// <summary>Whether a value that was not logged is an error; otherwise the check is left out.</summary>
    /// <value>Default: true.</value>
    public bool Strict { get; init; } = true;

    /// <summary>End at once when the value is NaN or infinite.</summary>
    /// <value>Default: true.</value>
    public bool CheckFinite { get; init; } = true;

    /// <summary>End as soon as the value is better than this.</summary>
    public double? StoppingThreshold { get; init; }

    /// <summary>End as soon as the value is worse than this.</summary>
    public double? DivergenceThreshold { get; init; }

    /// <summary>Check at the end of the training epoch (true) or after each validation (false).</summary>
    /// <value>Default (null): at the end of the epoch when there is exactly one validation per epoch, otherwise after each validation.</value>
    public bool? CheckOnTrainEpochEnd { get; init; }

    /// <summary>Say every improvement and the reason of the end.</summary>
    public bool Verbose { get; init; }

    /// <summary>A value that counts as the best one before the first check: training ends when it is not beaten in time.</summary>
    public double? Baseline { get; init; }

    /// <summary>Epochs at the start in which nothing is checked.</summary>
    /// <value>Default: 0.</value>
    public int StartFromEpoch
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(StartFromEpoch), value, $"StartFromEpoch = {value}: expected 0 or more.");
    }

    /// <summary>When checking begins, in any unit: nothing is checked before.</summary>
    /// <value>Default: null, at once (or with <see cref="StartFromEpoch"/>).</value>
    public Duration? StartAt { get; init; }

    /// <summary>
    /// At the end of training, however it came about, put back the weights of the check with the best value of this call of <c>Fit</c>. They are kept in memory.
    /// Any better value counts here, whatever <see cref="MinDelta"/> and <see cref="Baseline"/> say.
    /// </summary>
    /// <value>Default: false.</value>
    public bool RestoreBestWeights { get; init; }

    /// <summary>Start counting again at every call of <c>Fit</c> that does not resume a checkpoint.</summary>
    /// <value>Default: false, as in Lightning: a second <c>Fit</c> goes on counting.</value>
    public bool ResetAtFit { get; init; }

    /// <summary>Checks in a row without improvement.</summary>
    public int WaitCount { get; private set; }

    /// <summary>The epoch in which the latest request to end came; 0 before.</summary>
    public int StoppedEpoch { get; private set; }

    /// <summary>The best value so far; infinitely bad before the first check.</summary>
    public double BestScore => Best;

    /// <summary>The epoch of the best value; -1 before the first check. The weights of that epoch are those that <see cref="RestoreBestWeights"/> puts back.</summary>
    public int BestEpoch => _bestWeights.Epoch;

    /// <summary>Why training was asked to end.</summary>
    public EarlyStoppingReason StoppingReason { get; private set; }

    /// <summary>The same for people.</summary>
    public string? StoppingReasonMessage { get; private set; }

    /// <inheritdoc/>
    public override string StateKey => $"EarlyStopping{{'monitor': '{Monitor}', 'mode': '{MonitorDirection.Text(Mode)}'}}";

    /// <inheritdoc/>
    public override bool Monitors => true;

    private MonitorMode Direction => _direction ?? (Mode == MonitorMode.Max ? MonitorMode.Max : MonitorMode.Min);

    private float Best => _started ? _bestScore : (float)(Baseline ?? (Direction == MonitorMode.Min ? double.PositiveInfinity : double.NegativeInfinity));

    /// <inheritdoc/>
    public override void OnReset()
    {
        _bestWeights.Reset();
        (_direction, _hasEnded) = (null, false);
        Reset();
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        if (!Enum.IsDefined(Mode)) throw new MisconfigurationException($"EarlyStopping has Mode = {(int)Mode}: expected Min, Max or Auto.");
        var options = context.Trainer.Options;
        _atTrainEpochEnd = CheckOnTrainEpochEnd ?? (options.ValCheckInterval == Every.Fraction(1.0) && options.CheckValEveryNEpoch == 1);
        _bestWeights.Reset();
        _hasEnded = false;
        if (ResetAtFit) Reset();
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        if (!_hasEnded) return;
        context.Trainer.Messages.Warn(
            MessageId.Information,
            $"EarlyStopping had ended this run in epoch {StoppedEpoch} already, before the checkpoint was written: {StoppingReasonMessage} To train on, raise {nameof(Patience)}, leave EarlyStopping out, or resume an earlier checkpoint.");
        context.Trainer.Stop(StoppingReasonMessage ?? "EarlyStopping had ended the run before it was resumed.");
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (_atTrainEpochEnd) Check(context);
    }

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context)
    {
        if (!_atTrainEpochEnd && context.Trainer is { Stage: not Stage.SanityCheck, EntryStage: Stage.Fit }) Check(context);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context)
    {
        if (RestoreBestWeights && _bestWeights.Restore(context.Module.Module))
            context.Trainer.Messages.Inform(MessageId.Information, $"EarlyStopping put back the weights of epoch {BestEpoch} with {Monitor} = {Text(_bestWeights.Value)}.");
    }

    /// <inheritdoc/>
    public override void Teardown(StageContext context) => _bestWeights.Release();

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => _bestWeights.Release();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["wait_count"] = (long)WaitCount,
        ["stopped_epoch"] = (long)StoppedEpoch,
        ["best_score"] = tensor(Best),
        ["patience"] = (long)Patience,
        ["stopping_reason"] = (long)StoppingReason,
        ["stopping_reason_message"] = StoppingReasonMessage,
    };

    /// <inheritdoc/>
    /// <remarks>The patience of this object counts, not the saved one: it may have been raised on purpose.</remarks>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        WaitCount = state.Count("wait_count", WaitCount);
        StoppedEpoch = state.Count("stopped_epoch", StoppedEpoch);
        (_bestScore, _started) = ((float)state.Number("best_score", Best), true);
        StoppingReason = (EarlyStoppingReason)state.Count("stopping_reason", (int)StoppingReason);
        StoppingReasonMessage = state.Text("stopping_reason_message") ?? StoppingReasonMessage;

        // A run that was killed after it was asked to end must not train on, unless somebody has raised the patience since.
        _hasEnded = StoppingReason != EarlyStoppingReason.NotStopped
            && (StoppingReason != EarlyStoppingReason.PatienceExhausted || Patience == state.Count("patience", Patience) || WaitCount >= Patience);
    }

    private void Reset()
    {
        (WaitCount, StoppedEpoch, _started) = (0, 0, false);
        (StoppingReason, StoppingReasonMessage) = (EarlyStoppingReason.NotStopped, null);
    }

    private void Check(HookContext context)
    {
        var trainer = context.Trainer;
        if (trainer.Options.FastDevRun.IsOn || trainer.CurrentEpoch < StartFromEpoch || (StartAt is { } start && !trainer.HasReached(start))) return;
        if (!MonitoredMetric.TryRead(trainer, Monitor, "EarlyStopping", Strict, Verbose, out var value)) return;
        _direction ??= MonitorDirection.Resolve(trainer, Monitor, Mode, nameof(EarlyStopping));
        var current = (float)value;
        if (_bestWeights.IsBetter(current, Direction)) _bestWeights.Take(context.Module.Module, current, trainer.CurrentEpoch, copyWeights: RestoreBestWeights);
        var (reason, message) = Judge(current);
        if (message is not null && Verbose) trainer.Messages.Inform(MessageId.Information, message);
        if (reason == EarlyStoppingReason.NotStopped) return;
        (StoppedEpoch, StoppingReason, StoppingReasonMessage) = (trainer.CurrentEpoch, reason, message);
        trainer.Stop(message!); // every reason has a message
    }

    private (EarlyStoppingReason Reason, string? Message) Judge(float current)
    {
        if (CheckFinite && !float.IsFinite(current))
            return (EarlyStoppingReason.NonFiniteMetric, $"{Monitor} = {Text(current)} is not finite; the best value was {Text(Best)}. Training ends.");
        if (StoppingThreshold is { } good && IsBetter(current, (float)good))
            return (EarlyStoppingReason.StoppingThreshold, $"{Monitor} = {Text(current)} has passed the stopping threshold {Text(good)}. Training ends.");
        if (DivergenceThreshold is { } bad && IsBetter((float)bad, current))
            return (EarlyStoppingReason.DivergenceThreshold, $"{Monitor} = {Text(current)} is worse than the divergence threshold {Text(bad)}. Training ends.");
        var best = Best;
        if (IsBetter(Direction == MonitorMode.Min ? current + (float)MinDelta : current - (float)MinDelta, best))
        {
            (_bestScore, _started, WaitCount) = (current, true, 0);
            return (EarlyStoppingReason.NotStopped, float.IsFinite(best)
                ? $"{Monitor} improved by {Text(Math.Abs(current - best))} to {Text(current)}."
                : $"{Monitor} has its first value: {Text(current)}.");
        }

        return ++WaitCount >= Patience
            ? (EarlyStoppingReason.PatienceExhausted, $"{Monitor} did not improve{(MinDelta == 0 ? string.Empty : $" by more than {Text(MinDelta)}")} in the last {(WaitCount == 1 ? "check" : $"{WaitCount} checks")}; the best value was {Text(best)}. Training ends.")
            : (EarlyStoppingReason.NotStopped, null);
    }

    private bool IsBetter(float value, float than) => Direction == MonitorMode.Min ? value < than : value > than;

    private static string Text(double value) => value.ToString("0.000###", CultureInfo.InvariantCulture);
}
