using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Changes over how many batches gradients are added up, by epoch or by optimizer step.</summary>
/// <example><code>
/// Callbacks = [new GradientAccumulationScheduler(new() { [0] = 8, [4] = 4, [8] = 1 })];                     // from epoch 4 on every 4 batches, …
/// Callbacks = [GradientAccumulationScheduler.BySteps(new() { [0] = 1, [10_000] = 4 })];
/// </code></example>
public sealed class GradientAccumulationScheduler : Callback
{
    private readonly KeyValuePair<long, int>[] _factors;
    private readonly bool _bySteps;
    private long _lastStep;

    /// <summary>A schedule by epochs.</summary>
    /// <param name="scheduling">From which epoch (from 0) gradients of how many batches are added up. Without an entry for epoch 0 it starts with 1.</param>
    /// <exception cref="ArgumentException">The schedule is empty, an epoch is negative, or a factor is below 1.</exception>
    public GradientAccumulationScheduler(Dictionary<int, int> scheduling)
        : this(scheduling?.Select(entry => KeyValuePair.Create((long)entry.Key, entry.Value)), "epoch", bySteps: false)
    {
    }

    private GradientAccumulationScheduler(IEnumerable<KeyValuePair<long, int>>? scheduling, string unit, bool bySteps)
    {
        ArgumentNullException.ThrowIfNull(scheduling);
        _bySteps = bySteps;
        _factors = [.. scheduling.OrderBy(entry => entry.Key)];
        if (_factors.Length == 0) throw new ArgumentException($"GradientAccumulationScheduler was given an empty schedule: expected at least one entry, for example {{ [0] = 4 }}.", nameof(scheduling));
        foreach (var (from, factor) in _factors)
        {
            if (from < 0) throw new ArgumentException($"GradientAccumulationScheduler was given the {unit} {from}: expected 0 or more.", nameof(scheduling));
            if (factor < 1) throw new ArgumentException($"GradientAccumulationScheduler was given the factor {factor} for {unit} {from}: expected 1 or more batches.", nameof(scheduling));
        }

        if (_factors[0].Key != 0) _factors = [KeyValuePair.Create(0L, 1), .. _factors];
    }

    /// <summary>A schedule by optimizer steps; a new factor begins with the next accumulation window.</summary>
    /// <param name="scheduling">From which optimizer step (<see cref="Trainer.GlobalStep"/>) on gradients of how many batches are added up.</param>
    /// <exception cref="ArgumentException">The schedule is empty, a step is negative, or a factor is below 1.</exception>
    public static GradientAccumulationScheduler BySteps(Dictionary<long, int> scheduling) => new(scheduling, "step", bySteps: true);

    /// <summary>A schedule in any unit that can be counted beforehand: epochs or optimizer steps.</summary>
    /// <param name="scheduling">From when on gradients of how many batches are added up, all in one unit.</param>
    /// <exception cref="ArgumentException">The schedule is empty, mixes units or has another unit, or a factor is below 1.</exception>
    public static GradientAccumulationScheduler By(params (Duration From, int Factor)[] scheduling)
    {
        ArgumentNullException.ThrowIfNull(scheduling);
        var units = scheduling.Select(entry => entry.From.Unit).Distinct().ToList();
        if (units.Count > 1 || (units.Count == 1 && units[0] is not (DurationUnit.Epochs or DurationUnit.Steps)))
        {
            throw new ArgumentException(
                $"GradientAccumulationScheduler was given the moments {string.Join(", ", scheduling.Select(entry => entry.From))}: expected all in epochs, or all in optimizer steps.", nameof(scheduling));
        }

        if (scheduling.Select(entry => entry.From).Distinct().Count() < scheduling.Length)
            throw new ArgumentException($"GradientAccumulationScheduler was given one moment twice: {string.Join(", ", scheduling.Select(entry => entry.From))}. Expected one factor for each.", nameof(scheduling));
        var bySteps = units is [DurationUnit.Steps];
        return new(scheduling.Select(entry => KeyValuePair.Create((long)entry.From.Amount, entry.Factor)), bySteps ? "step" : "epoch", bySteps);
    }

    /// <summary>Whether any entry accumulates at all.</summary>
    public bool GoingToAccumulateGradBatches => _factors.Any(entry => entry.Value > 1);

    /// <summary>The factor at an epoch, or at a step for a schedule by steps.</summary>
    public int FactorAt(long position)
    {
        var factor = 1;
        foreach (var (from, value) in _factors)
        {
            if (from > position) break;
            factor = value;
        }

        return factor;
    }

    /// <summary>The factor in the plan of a run.</summary>
    internal int FactorIn(int epoch, long step) => FactorAt(_bySteps ? step : epoch);

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        if (!context.Module.AutomaticOptimization)
        {
            throw new MisconfigurationException(
                $"GradientAccumulationScheduler does not work with {context.Module.Module.GetType().Name}, which optimizes manually: step the optimizer at every n-th batch yourself, or remove the callback.");
        }

        if (context.Trainer.Options.AccumulateGradBatches != 1)
        {
            throw new MisconfigurationException(
                $"{nameof(TrainerOptions.AccumulateGradBatches)} = {context.Trainer.Options.AccumulateGradBatches} contradicts the GradientAccumulationScheduler: leave the option at 1 and put the factor into the schedule.");
        }

        WarnAboutOverrides(context);
        _lastStep = context.Trainer.GlobalStep;
    }

    /// <inheritdoc/>
    public override void OnTrainEpochStart(HookContext context)
        => context.Trainer.AccumulateGradBatches = FactorAt(_bySteps ? context.Trainer.GlobalStep : context.Trainer.CurrentEpoch);

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var step = context.Trainer.GlobalStep;
        if (!_bySteps || step == _lastStep) return;
        _lastStep = step;
        var factor = FactorAt(step);
        if (factor != context.Trainer.AccumulateGradBatches) context.Trainer.AccumulateGradBatches = factor;
    }

    private void WarnAboutOverrides(HookContext context)
    {
        if (!GoingToAccumulateGradBatches || !(Overrides(context, "OptimizerStep") || Overrides(context, "OptimizerZeroGrad"))) return;
        context.Trainer.Messages.Warn(
            MessageId.Information,
            $"{context.Module.Module.GetType().Name} overrides OptimizerStep or OptimizerZeroGrad: while gradients accumulate they are called once per accumulation window, not for every batch.");
    }

    private static bool Overrides(HookContext context, string method)
        => context.Module.Module.GetType().GetMethod(method)?.DeclaringType is { } type && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(LightningModule<,,>));
}
