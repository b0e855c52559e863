namespace LightningSharp.Optimization;

/// <summary>The batches between two optimizer steps.</summary>
/// <param name="Size">How many there are, as far as known.</param>
/// <param name="IsLast">Whether this batch ends the window.</param>
internal readonly record struct AccumulationWindow(int Size, bool IsLast)
{
    public static AccumulationWindow Single => new(1, true);
}
