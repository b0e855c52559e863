using static TorchSharp.torch;

namespace LightningSharp.Logging;

/// <summary>
/// A metric object that <c>Log(name, metric)</c> accepts: the value of the last batch is the step value, <see cref="Compute"/> the epoch value, and
/// the Trainer resets it after the epoch. Implemented by every metric of <c>LightningSharp.Metrics</c>.
/// </summary>
public interface IMetric : IStateful
{
    /// <summary>The value of the latest batch alone, when the metric was called with <c>call</c>/<c>Forward</c>; null after a plain <c>Update</c>.</summary>
    Tensor? BatchValue { get; }

    /// <summary>Whether there was data since the last <see cref="Reset"/>. A logged metric without data counts as NaN and is not computed.</summary>
    bool HasData => true;

    /// <summary>Whether a larger value is better, for callbacks that look for the best one; null when neither is.</summary>
    bool? HigherIsBetter => null;

    /// <summary>
    /// Called before weights are copied into a module that holds the metric, with the entries below the metric's name: makes room for those whose length is not known
    /// beforehand, such as everything seen so far. Does nothing unless overridden.
    /// </summary>
    void MakeRoom(IReadOnlyDictionary<string, Tensor> entries)
    {
    }

    /// <summary>The value over everything seen since the last <see cref="Reset"/>: a tensor of one element.</summary>
    Tensor Compute();

    /// <summary>Forgets everything seen.</summary>
    void Reset();
}
