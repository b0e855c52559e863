using System.Diagnostics;
using System.Globalization;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;

namespace LightningSharp.Callbacks;

/// <summary>
/// Measures how long training, validation and test take, and ends training when its time is spent. The training time of earlier parts of a resumed run counts.
/// </summary>
/// <remarks>Files that also import <c>System.Threading</c> need <c>using Timer = LightningSharp.Callbacks.Timer;</c>.</remarks>
/// <example><code>Callbacks = [new Timer("00:08:00:00")]    // days:hours:minutes:seconds</code></example>
public sealed class Timer : Callback, IStateful
{
    private readonly Dictionary<Stage, long> _start = [];
    private readonly Dictionary<Stage, long> _end = [];
    private TimeSpan _before;

    /// <summary>Measures, and ends training after a time.</summary>
    /// <param name="duration">How long training may take; null only measures.</param>
    /// <param name="interval">When to look at the clock.</param>
    /// <param name="verbose">Say when the time is spent.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    public Timer(TimeSpan? duration = null, TimerInterval interval = TimerInterval.Step, bool verbose = true)
    {
        if (duration < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(duration), duration, $"Timer was given a duration of {duration}: expected zero or more.");
        (Duration, Interval, Verbose) = (duration, interval, verbose);
    }

    /// <summary>Measures, and ends training after a time.</summary>
    /// <param name="duration">Days, hours, minutes and seconds as <c>DD:HH:MM:SS</c>.</param>
    /// <param name="interval">When to look at the clock.</param>
    /// <param name="verbose">Say when the time is spent.</param>
    /// <exception cref="FormatException">The text has another form.</exception>
    public Timer(string duration, TimerInterval interval = TimerInterval.Step, bool verbose = true)
        : this(Parse(duration), interval, verbose)
    {
    }

    /// <summary>How long training may take; null for no limit.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>When the clock is looked at.</summary>
    public TimerInterval Interval { get; }

    /// <summary>Whether the end of the time is said.</summary>
    public bool Verbose { get; }

    /// <summary>How long a stage has taken, training over all parts of a resumed run; zero before it starts.</summary>
    /// <param name="stage">Fit (training with the validation in it), Validate, Test or Predict.</param>
    public TimeSpan TimeElapsed(Stage stage = Stage.Fit)
    {
        var offset = stage == Stage.Fit ? _before : TimeSpan.Zero;
        if (!_start.TryGetValue(stage, out var start)) return offset;
        return offset + Stopwatch.GetElapsedTime(start, _end.TryGetValue(stage, out var end) ? end : Stopwatch.GetTimestamp());
    }

    /// <summary>How much of the duration is left, negative when it is overrun; null without one.</summary>
    public TimeSpan? TimeRemaining(Stage stage = Stage.Fit) => Duration - TimeElapsed(stage);

    /// <summary>When a stage last started, on the monotonic clock of <see cref="Stopwatch.GetTimestamp"/>; null when it has not.</summary>
    public long? StartTime(Stage stage = Stage.Fit) => _start.TryGetValue(stage, out var start) ? start : null;

    /// <summary>When a stage last ended, on the same clock; null when it has not.</summary>
    public long? EndTime(Stage stage = Stage.Fit) => _end.TryGetValue(stage, out var end) ? end : null;

    /// <inheritdoc/>
    public override void OnReset()
    {
        _start.Clear();
        _end.Clear();
        _before = TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context) => Check(context.Trainer); // a resumed run may have spent its time already

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => Start(Stage.Fit);

    /// <inheritdoc/>
    public override void OnTrainEnd(HookContext context) => End(Stage.Fit);

    /// <inheritdoc/>
    public override void OnValidationStart(HookContext context) => Start(context.Trainer.Stage);

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context) => End(context.Trainer.Stage);

    /// <inheritdoc/>
    public override void OnTestStart(HookContext context) => Start(Stage.Test);

    /// <inheritdoc/>
    public override void OnTestEnd(HookContext context) => End(Stage.Test);

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => Start(Stage.Predict);

    /// <inheritdoc/>
    public override void OnPredictEnd(HookContext context) => End(Stage.Predict);

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        if (Interval == TimerInterval.Step) Check(context.Trainer);
    }

    /// <inheritdoc/>
    public override void OnTrainEpochEnd(HookContext context)
    {
        if (Interval == TimerInterval.Epoch) Check(context.Trainer);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>
    {
        ["time_elapsed"] = new Dictionary<string, object?>
        {
            ["train"] = TimeElapsed().TotalSeconds,
            ["sanity_check"] = TimeElapsed(Stage.SanityCheck).TotalSeconds,
            ["validate"] = TimeElapsed(Stage.Validate).TotalSeconds,
            ["test"] = TimeElapsed(Stage.Test).TotalSeconds,
            ["predict"] = TimeElapsed(Stage.Predict).TotalSeconds,
        },
    };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.GetValueOrDefault("time_elapsed") is IReadOnlyDictionary<string, object?> elapsed) _before = TimeSpan.FromSeconds(elapsed.Number("train", 0));
    }

    private void Start(Stage stage)
    {
        // A second fit of the same Trainer goes on with the time of the first.
        if (stage == Stage.Fit && _end.ContainsKey(stage)) _before = TimeElapsed();
        _start[stage] = Stopwatch.GetTimestamp();
        _end.Remove(stage);
    }

    private void End(Stage stage) => _end[stage] = Stopwatch.GetTimestamp();

    private void Check(Trainer trainer)
    {
        var elapsed = TimeElapsed();
        if (Duration is not { } duration || elapsed < duration) return;
        var message = $"The time of the Timer, {duration}, is spent: training has taken {TimeSpan.FromSeconds(Math.Floor(elapsed.TotalSeconds))}.";
        if (Verbose) trainer.Messages.Inform(MessageId.Information, message);
        trainer.Stop(message);
    }

    private static TimeSpan Parse(string duration)
    {
        ArgumentNullException.ThrowIfNull(duration);
        var parts = duration.Trim().Split(':');
        var numbers = new int[4];
        var valid = parts.Length == 4;
        for (var i = 0; valid && i < 4; i++) valid = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        if (!valid || numbers[1] > 23 || numbers[2] > 59 || numbers[3] > 59)
            throw new FormatException($"Timer was given the duration '{duration}': expected days, hours, minutes and seconds as DD:HH:MM:SS, for example \"00:08:30:00\", or a TimeSpan.");
        return new TimeSpan(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
