using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics;

/// <summary>Several metrics of predictions and targets, updated together: the usual <see cref="MetricCollection{TInput}"/>.</summary>
/// <example>
/// <code>
/// var metrics = new MetricCollection(new MulticlassAccuracy(10), new MulticlassF1Score(10));
/// metrics.Update(logits, labels);
/// var values = metrics.Compute();      // MulticlassAccuracy, MulticlassF1Score
/// </code>
/// </example>
public class MetricCollection : MetricCollection<(Tensor Preds, Tensor Target)>
{
    /// <inheritdoc cref="MetricCollection{TInput}(Metric{TInput}[])"/>
    public MetricCollection(params Metric<Tensor, Tensor>[] metrics)
        : base(metrics)
    {
    }

    /// <inheritdoc cref="MetricCollection{TInput}(IEnumerable{KeyValuePair{string, Metric{TInput}}}, string, string, bool)"/>
    public MetricCollection(IEnumerable<KeyValuePair<string, Metric<(Tensor Preds, Tensor Target)>>> metrics, string prefix = "", string postfix = "", bool computeGroups = true)
        : base(metrics, prefix, postfix, computeGroups)
    {
    }

    /// <summary>Updates every metric with a batch.</summary>
    public void Update(Tensor preds, Tensor target) => Update((preds, target));

    /// <summary>Updates every metric and returns the values of this batch alone.</summary>
    public IReadOnlyDictionary<string, Tensor> Forward(Tensor preds, Tensor target) => Forward((preds, target));

    /// <inheritdoc cref="Forward(Tensor, Tensor)"/>
    public IReadOnlyDictionary<string, Tensor> call(Tensor preds, Tensor target) => Forward((preds, target));
}
