using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>What a step may log beside single numbers: metric objects by name, pictures, distributions, texts, tables.</content>
public abstract partial class LightningModule<TBatch, TInput, TOutput>
{
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
}
