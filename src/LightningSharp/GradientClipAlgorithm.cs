namespace LightningSharp;

/// <summary>How gradients are clipped.</summary>
public enum GradientClipAlgorithm
{
    /// <summary>Scale all gradients of the optimizer so that their global L2 norm is at most the given value.</summary>
    Norm,

    /// <summary>Limit each gradient element to plus or minus the given value.</summary>
    Value,
}
