using System.Globalization;
using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Ends every <c>Fit</c> with the weights of the best value of a metric, kept in memory: with or without early stopping, checkpoints or a disk.</summary>
/// <param name="monitor">The key under which the value is logged.</param>
/// <param name="mode">Whether less or more is better.</param>
/// <example><code>Callbacks = [new RestoreBest("val_acc", MonitorMode.Max)]</code></example>
public sealed class RestoreBest(string monitor, MonitorMode mode = MonitorMode.Min) : Callback
{
    private readonly string _monitor = !string.IsNullOrWhiteSpace(monitor) ? monitor : throw new ArgumentException("RestoreBest needs the key of a logged value: received an empty one.", nameof(monitor));
    private readonly BestWeights _best = new();
    private bool _atTrainEpochEnd;
    private MonitorMode? _direction;

    /// <summary>The best value of the latest fit; NaN before.</summary>
    public double BestScore => _best.Value;

    /// <summary>Its epoch; -1 before.</summary>
    public int BestEpoch => _best.Epoch;

    /// <inheritdoc/>
    public override bool Monitors => true;

    /// <inheritdoc/>
    public override void OnReset()
    {
        _best.Reset();
        _direction = null;
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        if (context.Stage != Stage.Fit) return;
        _best.Reset();
        var options = context.Trainer.Options;
        _atTrainEpochEnd = options.ValCheckInterval == Every.Fraction(1.0) && options.CheckValEveryNEpoch == 1;
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (_atTrainEpochEnd) Look(context);
    }

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context)
    {
        if (!_atTrainEpochEnd && context.Trainer is { Stage: not Stage.SanityCheck, EntryStage: Stage.Fit }) Look(context);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context)
    {
        if (_best.Restore(context.Module.Module))
            context.Trainer.Messages.Inform(MessageId.Information, $"RestoreBest put back the weights of epoch {_best.Epoch} with {_monitor} = {_best.Value.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <inheritdoc/>
    public override void Teardown(StageContext context) => _best.Release();

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context) => _best.Release();

    private void Look(HookContext context)
    {
        if (!MonitoredMetric.TryRead(context.Trainer, _monitor, nameof(RestoreBest), strict: true, verbose: true, out var value, mayBeLax: false)) return;
        if (_best.IsBetter((float)value, _direction ??= MonitorDirection.Resolve(context.Trainer, _monitor, mode, nameof(RestoreBest)))) _best.Take(context.Module.Module, (float)value, context.Trainer.CurrentEpoch, copyWeights: true);
    }
}
