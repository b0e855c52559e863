using System.Runtime.CompilerServices;
using System.Runtime.ConstrainedExecution;

namespace LightningSharp.Native;

/// <summary>
/// Keeps the process's one finalizer thread parked while training steps run. TorchSharp hands native code raw pointers of objects that the collector
/// may already consider dead; a collection that another thread starts would let their finalizers free them in mid-call (ADR 0010).
/// The caller holds the lock of <see cref="StepGuard"/>.
/// </summary>
internal sealed class FinalizerGate
{
    private static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(20);
    private Barrier? _barrier;

    /// <summary>Whether the finalizer thread is parked.</summary>
    public bool IsClosed => _barrier is { Reached.IsSet: true };

    /// <summary>
    /// Frees what is dead, then parks the finalizer thread. False when it did not arrive in time, because a finalizer of somebody else is slow:
    /// the gate then closes by itself as soon as that one is done.
    /// </summary>
    public bool Close(TimeSpan patience)
    {
        if (_barrier is null)
        {
            _barrier = new Barrier();
            MakeUnreachable(_barrier);
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }

        for (var started = Environment.TickCount64; !_barrier.Reached.Wait(Attempt);)
        {
            if (Environment.TickCount64 - started >= patience.TotalMilliseconds) return false;

            // The parked object may have been kept alive by a stale register, or promoted by a collection of another thread.
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        }

        return true;
    }

    /// <summary>Lets finalizers run again.</summary>
    public void Open()
    {
        _barrier?.Release.Set();
        _barrier = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeUnreachable(Barrier barrier) => GC.KeepAlive(new Parked(barrier));

    /// <summary>What both sides hold; it outlives the parked object. No handles behind it, hence nothing to dispose.</summary>
    private sealed class Barrier
    {
        public ManualResetEventSlim Reached { get; } = new(false, spinCount: 200);

        public ManualResetEventSlim Release { get; } = new(false, spinCount: 1);
    }

    // Critical finalizers run after all ordinary ones: every tensor and scalar that is dead is freed before the thread parks.
    private sealed class Parked(Barrier barrier) : CriticalFinalizerObject
    {
        ~Parked()
        {
            barrier.Reached.Set();
            barrier.Release.Wait();
        }
    }
}
