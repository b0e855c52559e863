using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Kullback-Leibler divergence of rows.</summary>
internal static class Divergences
{
    internal static void Check(string metric, Tensor preds, Tensor target)
    {
        InputCheck.DistributionValues(metric, preds, "preds");
        InputCheck.DistributionValues(metric, target, "target");
    }

    internal static Tensor Scaled(Tensor rows) => rows.div(rows.sum(1, keepdim: true));

    internal static Tensor Of(Tensor p, Tensor q) => p.xlogy(p.div(q)).sum(1);

    internal static Tensor OfLogarithms(Tensor p, Tensor q) => p.exp().mul(p.Minus(q)).sum(1);
}
