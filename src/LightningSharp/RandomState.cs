using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>The state of torch's random generator, to be put back.</summary>
internal readonly struct RandomState : IDisposable
{
    private readonly Tensor _cpu;

    private RandomState(Tensor cpu) => _cpu = cpu;

    public static RandomState Capture() => new(random.get_rng_state().DetachFromDisposeScope());

    public void PutBack() => random.set_rng_state(_cpu);

    /// <summary>Puts it back for the last time.</summary>
    public void Restore()
    {
        PutBack();
        Dispose();
    }

    public void Dispose() => _cpu.Dispose();
}
