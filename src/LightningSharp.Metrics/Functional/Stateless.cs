using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>Runs a metric once.</summary>
internal static class Stateless
{
    internal static Tensor Once<TInput>(Metric<TInput> metric, TInput input)
    {
        using (metric) return metric.Evaluate(input);
    }
}
