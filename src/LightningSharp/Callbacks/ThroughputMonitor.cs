using System.Diagnostics;
using System.Globalization;
using LightningSharp.Data;
using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>
/// Logs how fast batches are worked off, when step values are logged: <c>train/time</c>, <c>train/batches</c>, <c>train/samples</c> (totals, <c>train/lengths</c> with a length
/// function), and over the latest batches <c>train/device/batches_per_sec</c>, <c>samples_per_sec</c>, <c>items_per_sec</c>, <c>flops_per_sec</c>, <c>mfu</c>. The same for <c>validate</c>,
/// <c>test</c> and <c>predict</c>. Validation does not count as training time.
/// </summary>
/// <param name="batchSize">The samples in a batch; null for the first dimension of its first tensor.</param>
/// <param name="length">The items in a batch (tokens, pixels); null for none.</param>
/// <param name="windowSize">Over how many batches the rates are taken.</param>
/// <example><code>Callbacks = [new ThroughputMonitor()]</code></example>
public sealed class ThroughputMonitor(Func<BatchView, int>? batchSize = null, Func<BatchView, long>? length = null, int windowSize = 100) : Callback
{
    private readonly int _window = windowSize >= 2 ? windowSize : throw new ArgumentOutOfRangeException(
        nameof(windowSize), windowSize, $"ThroughputMonitor was given windowSize = {windowSize}: expected 2 or more batches.");

    private readonly Dictionary<Stage, ThroughputWindow> _windows = [];
    private long _pauseStart;

    /// <summary>Floating-point operations of one batch, forward and backward, to log <c>flops_per_sec</c>; null for none.</summary>
    public double? FlopsPerBatch { get; init; }

    /// <summary>
    /// What the device can do at most, in floating-point operations a second and in the type that the model computes in (from its data sheet), to log <c>device/mfu</c>: the part of it
    /// that is used. Null for none, or for the measured one; needs <see cref="FlopsPerBatch"/>.
    /// </summary>
    public double? PeakFlops { get; init; }

    /// <summary>
    /// Measures the peak instead: the fastest matrix product on the run's device, in the type that its precision computes in. A few tenths of a second before the first batch;
    /// draws no random numbers. The machine should be quiet then: <c>device/mfu</c> above 1 says that it was not.
    /// </summary>
    /// <value>Default: false.</value>
    public bool MeasurePeak { get; init; }

    /// <summary>The peak that <c>device/mfu</c> refers to: given, or measured in the current or latest run; null before, and without one.</summary>
    public double? Peak { get; private set; }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        var problems = new List<string>();
        if (FlopsPerBatch is { } flops && !(flops > 0)) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(FlopsPerBatch)} = {flops}: expected a positive number"));
        if (PeakFlops is { } peak && !(peak > 0)) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(PeakFlops)} = {peak}: expected a positive number of operations a second, for example 312e12"));
        if (PeakFlops is not null && FlopsPerBatch is null) problems.Add($"{nameof(PeakFlops)} needs {nameof(FlopsPerBatch)}: utilisation is what a batch costs, over what the device can do");
        if (MeasurePeak && FlopsPerBatch is null) problems.Add($"{nameof(MeasurePeak)} needs {nameof(FlopsPerBatch)}: utilisation is what a batch costs, over what the device can do");
        if (MeasurePeak && PeakFlops is not null) problems.Add($"{nameof(PeakFlops)} is given and {nameof(MeasurePeak)} = true asks for another: choose one");
        if (problems.Count > 0) throw new MisconfigurationException($"ThroughputMonitor cannot work:\n  - {string.Join("\n  - ", problems)}");
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context) => Start(context.Trainer, Stage.Fit);

    /// <inheritdoc/>
    public override void OnTestStart(HookContext context) => Start(context.Trainer, Stage.Test);

    /// <inheritdoc/>
    public override void OnPredictStart(HookContext context) => Start(context.Trainer, Stage.Predict);

    /// <inheritdoc/>
    public override void OnValidationStart(HookContext context)
    {
        if (context.Trainer.Stage == Stage.SanityCheck) return;
        _pauseStart = Stopwatch.GetTimestamp();
        if (_windows.TryGetValue(Stage.Validate, out var window)) window.Resume();
        else Start(context.Trainer, Stage.Validate);
    }

    /// <inheritdoc/>
    public override void OnValidationEnd(HookContext context)
    {
        if (context.Trainer.Stage == Stage.SanityCheck) return;
        _windows[Stage.Validate].Pause();
        if (_windows.TryGetValue(Stage.Fit, out var training)) training.Exclude(Stopwatch.GetElapsedTime(_pauseStart));
    }

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        var stepped = context.Trainer.AccumulateGradBatches == 1 || context.Trainer.GlobalStep != _lastStep;
        _lastStep = context.Trainer.GlobalStep;
        Add(context.Trainer, Stage.Fit, "train", context.Batch, stepped && context.Trainer.IsLogStep);
    }

    private long _lastStep;

    /// <inheritdoc/>
    public override void OnValidationBatchEnd(BatchContext context)
    {
        if (context.Trainer.Stage != Stage.SanityCheck) Add(context.Trainer, Stage.Validate, "validate", context.Batch);
    }

    /// <inheritdoc/>
    public override void OnTestBatchEnd(BatchContext context) => Add(context.Trainer, Stage.Test, "test", context.Batch);

    /// <inheritdoc/>
    public override void OnPredictBatchEnd(PredictBatchEndContext context) => Add(context.Trainer, Stage.Predict, "predict", context.Batch);

    private void Start(Trainer trainer, Stage stage)
    {
        if (stage == trainer.EntryStage) Peak = PeakFlops ?? (MeasurePeak ? DevicePeak.Measure(trainer.Strategy.Device, trainer.Running.Precision) : null);
        _windows[stage] = new ThroughputWindow(_window); // after the measurement
    }

    private void Add(Trainer trainer, Stage stage, string prefix, BatchView batch, bool? log = null)
    {
        var window = _windows[stage];
        window.Add(batchSize?.Invoke(batch) ?? batch.Size, length?.Invoke(batch) ?? 0);
        var interval = trainer.Options.LogEveryNSteps ?? 50; // evaluation has no optimizer steps: its batches count
        if (log ?? (interval > 0 && window.Batches % interval == 0)) trainer.LogDirectly(window.Values(prefix, length is not null, FlopsPerBatch, Peak));
    }
}
