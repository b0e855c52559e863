using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Regression;

/// <summary>Denominators of relative errors.</summary>
internal static class RelativeErrors
{
    private static readonly Scalar Small = 1.17e-06;

    internal static Tensor AtLeastSmall(Tensor values) => values.clamp_min(Small);
}
