using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>The hinge.</summary>
internal static class HingeFormulas
{
    /// <summary>max(0, 1 − margin), squared when asked.</summary>
    internal static Tensor Loss(Tensor margin, bool squared)
    {
        var loss = ones_like(margin).Minus(margin).relu();
        return squared ? loss.square() : loss;
    }
}
