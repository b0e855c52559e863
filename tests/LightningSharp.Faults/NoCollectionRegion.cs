using System.Runtime;

namespace LightningSharp.Faults;

/// <summary>The other candidate of ADR 0010: forbid collections between boundaries, as long as the budget lasts.</summary>
internal sealed class NoCollectionRegion(long budget)
{
    private long _allocated;

    public int Started { get; private set; }

    /// <summary>Regions that the collector left by itself, in the middle of a step, because other threads used up the budget.</summary>
    public int Lost { get; private set; }

    public void Boundary()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion && GC.GetTotalAllocatedBytes() - _allocated < budget * 3 / 4) return;
        End();
        GC.WaitForPendingFinalizers();
        if (GC.TryStartNoGCRegion(budget)) Started++;
        _allocated = GC.GetTotalAllocatedBytes();
    }

    public void End()
    {
        if (Started == 0) return;
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
        {
            Lost++;
            return;
        }

        try
        {
            GC.EndNoGCRegion();
            GC.Collect(0);
        }
        catch (InvalidOperationException)
        {
            Lost++;
        }
    }
}
