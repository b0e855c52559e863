namespace LightningSharp;

/// <summary>Durations as they are spoken: <c>10.Epochs()</c>, <c>500.Steps()</c>, <c>1_000_000.Samples()</c>.</summary>
public static class Durations
{
    /// <summary>So many passes over the training data.</summary>
    public static Duration Epochs(this int count) => Duration.Epochs(count);

    /// <summary>So many training batches.</summary>
    public static Duration Batches(this int count) => Duration.Batches(count);

    /// <summary>So many optimizer steps.</summary>
    public static Duration Steps(this int count) => Duration.Steps(count);

    /// <summary>So many training samples.</summary>
    public static Duration Samples(this int count) => Duration.Samples(count);
}
