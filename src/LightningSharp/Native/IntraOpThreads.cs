namespace LightningSharp.Native;

/// <summary>
/// Runs the calling thread's operators on one thread for a moment. OpenMP keeps this number per thread, so other threads are not disturbed
/// (libtorch's own <c>set_num_threads</c> also changes MKL's setting for the whole process). Nothing happens where OpenMP is not found.
/// </summary>
internal static unsafe class IntraOpThreads
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<int> Get =
        (delegate* unmanaged[SuppressGCTransition]<int>)LibTorchExports.Find("omp_get_max_threads");

    private static readonly delegate* unmanaged[SuppressGCTransition]<int, void> Set =
        (delegate* unmanaged[SuppressGCTransition]<int, void>)LibTorchExports.Find("omp_set_num_threads");

    private static readonly delegate* unmanaged<int, int> Pause = (delegate* unmanaged<int, int>)LibTorchExports.Find("omp_pause_resource_all");

    /// <summary>Whether the number can be changed.</summary>
    public static bool IsAvailable { get; } = Get != null && Set != null;

    /// <summary>Switches to one thread.</summary>
    /// <returns>The former number, for <see cref="Restore"/>; 0 when nothing was changed.</returns>
    public static int UseOne()
    {
        if (!IsAvailable || Get() is not (> 1 and var former)) return 0;
        Set(1);
        return former;
    }

    /// <summary>
    /// Ends the helpers that OpenMP keeps for the calling thread; they come back with its next large operation. GCC's library counts the helpers of all threads, and where they are more
    /// than the processors it no longer lets any of them spin: each small parallel loop of another thread would then put its helpers to sleep and wake them, several times the cost of a small step.
    /// </summary>
    public static void LetHelpersGo()
    {
        const int soft = 1;
        if (Pause != null) _ = Pause(soft); // refused only inside of a parallel loop, where nobody stands here
    }

    /// <summary>Undoes <see cref="UseOne"/>.</summary>
    public static void Restore(int former)
    {
        if (former > 0) Set(former);
    }
}
