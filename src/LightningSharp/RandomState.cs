using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>The state of torch's random generator, to be put back.</summary>
internal readonly struct RandomState : IDisposable
{
    // Held for the life of the process: random.get_rng_state() leaves a wrapper of it to the finalizer at every call.
    private static readonly Generator Default = Generator.Default;
    private readonly Tensor _cpu;

    private RandomState(Tensor cpu) => _cpu = cpu;

    /// <summary>The state as it is now, outside of any dispose scope: bytes that <c>random.set_rng_state</c> takes. The caller disposes of them.</summary>
    public static Tensor Read() => Default.get_state().DetachFromDisposeScope();

    public static RandomState Capture() => new(Read());

    public void PutBack() => random.set_rng_state(_cpu);

    /// <summary>Puts it back for the last time.</summary>
    public void Restore()
    {
        PutBack();
        Dispose();
    }

    public void Dispose() => _cpu.Dispose();
}
