namespace LightningSharp.Metrics.Classification;

/// <summary>What happens with dimensions beyond batch and class, such as the pixels of an image.</summary>
public enum MultidimAverage
{
    /// <summary>They are flattened into the batch: every pixel is a sample.</summary>
    Global,

    /// <summary>One value per sample of the batch; the result has a leading dimension of all samples seen.</summary>
    Samplewise,
}
