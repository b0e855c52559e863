using LightningSharp.Checkpointing;
using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>What a step may log: numbers, metric objects, pictures, distributions, texts, tables.</content>
public abstract partial class LightningModule<TBatch, TInput, TOutput>
{
    private readonly HashSet<IMetric> _ownMetrics = new(ReferenceEqualityComparer.Instance);

    /// <summary>Records a value of a tensor of one element. Never reads it to the host on the step path of an accelerator. Without a Trainer it does nothing, which is said once.</summary>
    /// <param name="name">The key, as loggers, the screen and callbacks see it.</param>
    /// <param name="value">One element; it is detached, so a loss can be given as it is.</param>
    /// <param name="progressBar">Show it in the progress line.</param>
    /// <param name="onStep">Keep the value of each step. Default by place: true in training steps and batch hooks, false in evaluation.</param>
    /// <param name="onEpoch">Reduce over the epoch. Default by place: false in training steps, true in evaluation and epoch hooks. With both, keys get <c>_step</c> and <c>_epoch</c>.</param>
    /// <param name="reduction">How values become one at the epoch's end.</param>
    /// <param name="batchSize">The weight in the epoch's mean. Default: the first dimension of the batch's first tensor.</param>
    /// <param name="logger">Send it to the loggers. Where the Trainer has none (<see cref="TrainerOptions.Loggers"/> is empty) nothing is sent and nothing is said: that is a choice.</param>
    /// <param name="addDataLoaderIndex">With several evaluation loaders: add the loader's name to the key.</param>
    /// <exception cref="ArgumentException">The value is not a single number.</exception>
    /// <exception cref="MisconfigurationException">Logging is not possible at this place, or the same key was logged with other options.</exception>
    public void Log(
        string name, Tensor value, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, Reduction reduction = Reduction.Mean, int? batchSize = null,
        bool logger = true, bool addDataLoaderIndex = true)
        => Metrics()?.Log(name, value, new(progressBar, onStep, onEpoch, reduction, batchSize, logger, addDataLoaderIndex));

    /// <summary>Records a number; see the overload for tensors.</summary>
    /// <inheritdoc cref="Log(string, Tensor, bool, bool?, bool?, Reduction, int?, bool, bool)"/>
    public void Log(
        string name, double value, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, Reduction reduction = Reduction.Mean, int? batchSize = null,
        bool logger = true, bool addDataLoaderIndex = true)
        => Metrics()?.Log(name, value, new(progressBar, onStep, onEpoch, reduction, batchSize, logger, addDataLoaderIndex));

    /// <summary>Records a metric object: its batch value for the step, its computed value for the epoch, after which the Trainer resets it.</summary>
    /// <param name="name">The key.</param>
    /// <param name="metric">In a field of this module or of one of its layers (also inside of a collection there), updated before.</param>
    /// <param name="progressBar">Show it in the progress line.</param>
    /// <param name="onStep">Keep the value of each step.</param>
    /// <param name="onEpoch">Compute over the epoch.</param>
    /// <param name="logger">Send it to the loggers.</param>
    /// <param name="addDataLoaderIndex">With several evaluation loaders: add the loader's name to the key.</param>
    /// <exception cref="MisconfigurationException">The metric is in no field of the module, or what <see cref="Log(string, Tensor, bool, bool?, bool?, Reduction, int?, bool, bool)"/> says.</exception>
    public void Log(
        string name, IMetric metric, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, bool logger = true, bool addDataLoaderIndex = true)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (Metrics() is not { } store) return;
        if (!_ownMetrics.Contains(metric)) RequireOwn(name, metric);
        store.Log(name, metric, new(progressBar, onStep, onEpoch, Reduction.Mean, null, logger, addDataLoaderIndex));
    }

    /// <summary>Records several values with the same options.</summary>
    public void LogDict(
        IEnumerable<KeyValuePair<string, Tensor>> values, bool progressBar = false, bool? onStep = null, bool? onEpoch = null,
        Reduction reduction = Reduction.Mean, int? batchSize = null, bool logger = true, bool addDataLoaderIndex = true)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (key, value) in values) Log(key, value, progressBar, onStep, onEpoch, reduction, batchSize, logger, addDataLoaderIndex);
    }

    /// <inheritdoc cref="LogDict(IEnumerable{KeyValuePair{string, Tensor}}, bool, bool?, bool?, Reduction, int?, bool, bool)"/>
    public void LogDict(
        IEnumerable<KeyValuePair<string, double>> values, bool progressBar = false, bool? onStep = null, bool? onEpoch = null,
        Reduction reduction = Reduction.Mean, int? batchSize = null, bool logger = true, bool addDataLoaderIndex = true)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (key, value) in values) Log(key, value, progressBar, onStep, onEpoch, reduction, batchSize, logger, addDataLoaderIndex);
    }

    /// <summary>Records several metric objects: a <c>MetricCollection</c>, or a dictionary of metrics. Update them before; the Trainer resets them.</summary>
    /// <example><code>
    /// _metrics.Update(logits, batch.Y);
    /// LogDict(_metrics);
    /// </code></example>
    /// <inheritdoc cref="Log(string, IMetric, bool, bool?, bool?, bool, bool)"/>
    public void LogDict<TMetric>(
        IEnumerable<KeyValuePair<string, TMetric>> metrics, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, bool logger = true, bool addDataLoaderIndex = true)
        where TMetric : IMetric
    {
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (var (key, metric) in metrics) Log(key, metric, progressBar, onStep, onEpoch, logger, addDataLoaderIndex);
    }

    /// <inheritdoc cref="Trainer.LogImage(string, ImageData, long?)"/>
    public void LogImage(string name, ImageData image, long? step = null) => Attached()?.LogImage(name, image, step);

    /// <inheritdoc cref="Trainer.LogImage(string, Tensor, long?)"/>
    public void LogImage(string name, Tensor image, long? step = null) => Attached()?.LogImage(name, image, step);

    /// <inheritdoc cref="Trainer.LogHistogram(string, HistogramData, long?)"/>
    public void LogHistogram(string name, HistogramData histogram, long? step = null) => Attached()?.LogHistogram(name, histogram, step);

    /// <inheritdoc cref="Trainer.LogHistogram(string, Tensor, long?)"/>
    public void LogHistogram(string name, Tensor values, long? step = null) => Attached()?.LogHistogram(name, values, step);

    /// <inheritdoc cref="Trainer.LogText"/>
    public void LogText(string name, string text, long? step = null) => Attached()?.LogText(name, text, step);

    /// <inheritdoc cref="Trainer.LogTable"/>
    public void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long? step = null)
        => Attached()?.LogTable(name, columns, rows, step);

    // Looked for once per run: what is in no field does not move with the module and is missing in checkpoints.
    private void RequireOwn(string name, IMetric metric)
    {
        if (!MetricParts.Contains(this, metric))
        {
            throw new MisconfigurationException(
                $"Log(\"{name}\", {metric.GetType().Name}): this metric object is in no field of {GetType().Name} or of its layers, so that it would neither move to the device with the module nor be saved with it. "
                + $"Keep it in a field that the constructor or {nameof(ConfigureModel)} sets (several in a MetricCollection or ModuleDict), or log a number: Log(\"{name}\", metric.Compute()).");
        }

        _ownMetrics.Add(metric);
    }

    private MetricStore? Metrics() => Attached()?.MetricsForLog();

    // Null without a Trainer, which is said once.
    private Trainer? Attached()
    {
        if (_trainer is null) UnattachedLog.Warn(GetType());
        return _trainer;
    }
}
