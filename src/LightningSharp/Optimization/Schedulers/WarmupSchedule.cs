using TorchSharp;

namespace LightningSharp.Optimization;

/// <summary>
/// The schedules that transformers are trained with: the learning rate rises in a straight line from 0 during the warm-up and then follows a named curve to the end of the run.
/// To be stepped after every optimizer step. The length of the run is filled in by the Trainer where it is not given.
/// </summary>
/// <example><code>
/// var schedule = WarmupSchedule.Cosine(optimizer, warmup: Portion.Fraction(0.06));
/// </code></example>
public sealed class WarmupSchedule : LearningRateScheduler, INeedsTotalSteps
{
    private readonly Curve _curve;
    private readonly Portion _warmup;
    private readonly bool _needsTotal;
    private readonly bool _totalWasGiven;
    private int? _totalSteps;

    private WarmupSchedule(torch.optim.Optimizer optimizer, Portion warmup, int? totalSteps, bool needsTotal, Curve curve)
        : base(optimizer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps ?? 1, nameof(totalSteps));
        (_curve, _warmup, _totalSteps, _totalWasGiven) = (curve, warmup, totalSteps, totalSteps is not null);
        _needsTotal = needsTotal || warmup.IsFraction;
        Start();
    }

    /// <summary>The factor of the base learning rate after the warm-up.</summary>
    /// <param name="step">The step, at least <paramref name="warmup"/>.</param>
    /// <param name="warmup">Steps of the warm-up.</param>
    /// <param name="total">Steps of the run; 0 for curves that do not need it.</param>
    /// <param name="baseLearningRate">The learning rate that the factor is for.</param>
    private delegate double Curve(double step, double warmup, double total, double baseLearningRate);

    /// <inheritdoc/>
    public int? TotalSteps
    {
        get => _totalSteps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(value));
            _totalSteps = value;
            WriteLearningRates();
        }
    }

    /// <summary>Warm-up, then constant.</summary>
    /// <inheritdoc cref="Linear"/>
    public static WarmupSchedule Constant(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null)
        => new(optimizer, warmup, totalSteps, needsTotal: false, static (_, _, _, _) => 1);

    /// <summary>Warm-up, then a straight line to 0 at the end of the run.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run in optimizer steps, or null to have it filled in.</param>
    public static WarmupSchedule Linear(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null)
        => new(optimizer, warmup, totalSteps, needsTotal: true, static (step, warm, total, _) => Math.Max(0, (total - step) / Math.Max(1, total - warm)));

    /// <summary>Warm-up, then a cosine; with the default half cycle it ends at 0.</summary>
    /// <inheritdoc cref="Linear"/>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run in optimizer steps, or null to have it filled in.</param>
    /// <param name="cycles">Waves of the cosine.</param>
    public static WarmupSchedule Cosine(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null, double cycles = 0.5)
        => new(optimizer, warmup, totalSteps, needsTotal: true, (step, warm, total, _) =>
            Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * cycles * 2 * Progress(step, warm, total)))));

    /// <summary>Warm-up, then cosines from the base learning rate to 0, with a jump back up after each but the last.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run in optimizer steps, or null to have it filled in.</param>
    /// <param name="cycles">The number of cosines.</param>
    public static WarmupSchedule CosineWithRestarts(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null, int cycles = 1)
        => new(optimizer, warmup, totalSteps, needsTotal: true, (step, warm, total, _) =>
            Progress(step, warm, total) is >= 1 ? 0 : Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (cycles * Progress(step, warm, total) % 1)))));

    /// <summary>Warm-up, then a polynomial down to <paramref name="endLearningRate"/>.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run in optimizer steps, or null to have it filled in.</param>
    /// <param name="endLearningRate">The last learning rate, below the base learning rate.</param>
    /// <param name="power">The power; 1 is a straight line.</param>
    public static WarmupSchedule Polynomial(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null, double endLearningRate = 1e-7, double power = 1)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        foreach (var group in optimizer.ParamGroups)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(endLearningRate, group.LearningRate);
        }

        return new(optimizer, warmup, totalSteps, needsTotal: true, (step, warm, total, baseLearningRate) =>
            step > total ? endLearningRate / baseLearningRate
                : (((baseLearningRate - endLearningRate) * Math.Pow(1 - Progress(step, warm, total), power)) + endLearningRate) / baseLearningRate);
    }

    /// <summary>Warm-up, then falling with the inverse square root of the step; it needs no end.</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run, needed only where the warm-up is a fraction of it.</param>
    /// <param name="timescale">Steps after which the rate has fallen to 1/√2; null for the length of the warm-up (10,000 without one).</param>
    public static WarmupSchedule InverseSqrt(torch.optim.Optimizer optimizer, Portion warmup = default, int? totalSteps = null, int? timescale = null)
        => new(optimizer, warmup, totalSteps, needsTotal: false, (step, warm, _, _) =>
        {
            var scale = timescale ?? (warm > 0 ? warm : 10_000);
            return 1 / Math.Sqrt((step + scale - warm) / scale);
        });

    /// <summary>Warm-up, then constant, then a decay at the end of the run (WSD).</summary>
    /// <param name="optimizer">The optimizer whose learning rates are to be set.</param>
    /// <param name="warmup">The length of the warm-up: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="decay">The length of the decay: steps, or <see cref="Portion.Fraction"/> of the run.</param>
    /// <param name="totalSteps">The length of the run in optimizer steps, or null to have it filled in.</param>
    /// <param name="minRatio">The last learning rate as a share of the base learning rate.</param>
    /// <param name="curve">The shape of the decay.</param>
    public static WarmupSchedule StableDecay(
        torch.optim.Optimizer optimizer, Portion warmup, Portion decay, int? totalSteps = null, double minRatio = 0, DecayCurve curve = DecayCurve.Cosine)
        => new(optimizer, warmup, totalSteps, needsTotal: true, (step, warm, total, _) =>
        {
            var length = decay.In((int)total);
            var progress = Math.Clamp((step - Math.Max(warm, total - length)) / Math.Max(1, length), 0, 1);
            return minRatio + ((1 - minRatio) * curve switch
            {
                DecayCurve.Linear => 1 - progress,
                DecayCurve.OneMinusSqrt => 1 - Math.Sqrt(progress),
                _ => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            });
        });

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The length of the run is needed and unknown.</exception>
    public override void Step()
    {
        if (_needsTotal && _totalSteps is null)
        {
            throw new InvalidOperationException(
                "WarmupSchedule was stepped without knowing the length of the run. Pass totalSteps, or set TotalSteps before the first step; the Trainer does that where the number of batches is known.");
        }

        base.Step();
    }

    /// <inheritdoc/>
    protected override double LearningRateAt(int group, double current)
    {
        var total = _totalSteps ?? 0;
        var warm = _warmup.In(total);
        var waits = _needsTotal && _totalSteps is null;
        var factor = waits ? (_warmup == Portion.None ? 1 : 0)
            : LastEpoch < warm ? (double)LastEpoch / Math.Max(1, warm)
            : _curve(LastEpoch, warm, total, BaseLearningRates[group]);
        return BaseLearningRates[group] * factor;
    }

    /// <inheritdoc/>
    protected override void SaveOwn(IDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);

        // Python's counterparts are all LambdaLR, whose loading asks for this entry.
        state["lr_lambdas"] = new List<object?>(new object?[Groups.Count]);
        state["total_steps"] = (long?)_totalSteps;
    }

    /// <inheritdoc/>
    protected override void LoadOwn(IReadOnlyDictionary<string, object?> state)
    {
        // A length that the Trainer inferred belongs to this run: it may have been made longer since the checkpoint was written.
        if (_totalSteps is null && !_totalWasGiven && state.Whole("total_steps", 0) is > 0 and var total)
        {
            _totalSteps = checked((int)total);
        }
    }

    private static double Progress(double step, double warmup, double total) => (step - warmup) / Math.Max(1, total - warmup);
}
