namespace LightningSharp.Tuning;

/// <summary>How a batch-size search goes on.</summary>
public enum BatchSizeMode
{
    /// <summary>Doubles until memory does not suffice, and takes the last size that worked.</summary>
    Power,

    /// <summary>Doubles, then halves the interval between the last size that worked and the first that did not.</summary>
    BinSearch,
}
