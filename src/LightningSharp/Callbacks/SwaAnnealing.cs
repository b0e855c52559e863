namespace LightningSharp.Callbacks;

/// <summary>The curve by which <see cref="StochasticWeightAveraging"/> moves the learning rate.</summary>
public enum SwaAnnealing
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
