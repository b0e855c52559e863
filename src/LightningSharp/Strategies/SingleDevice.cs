using static TorchSharp.torch;

namespace LightningSharp.Strategies;

/// <summary>One process on one device.</summary>
/// <param name="device">The device.</param>
public sealed class SingleDevice(Device device) : Strategy
{
    /// <inheritdoc/>
    public override Device Device { get; } = device ?? throw new ArgumentNullException(nameof(device));
}
