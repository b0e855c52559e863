namespace LightningSharp.Optimization;

/// <summary>The shape of the decay of <see cref="WarmupSchedule.StableDecay"/>.</summary>
public enum DecayCurve
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>1 − √progress: steep first.</summary>
    OneMinusSqrt,
}
