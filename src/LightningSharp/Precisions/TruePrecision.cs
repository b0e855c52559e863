using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>One type for weights, inputs and everything that steps create; null is float32, which TorchSharp has anyway.</summary>
internal sealed class TruePrecision(string name, ScalarType? dtype) : Precision
{
    public override string Name { get; } = name;

    public override ScalarType? InputType { get; } = dtype;

    public override Precision ForDevice(Device device, out string? warning)
    {
        if (InputType == ScalarType.Float64 && device.type == DeviceType.MPS)
            throw new BackendException("Precision 64-true does not exist on MPS devices, which have no 64-bit floats. Use the CPU, or Precision.Float32.");
        warning = device.type == DeviceType.CPU && InputType is { } type ? ShortFloats.WarningFor(Name, type) : null;
        return this;
    }

    public override void ConvertModule(nn.Module module)
    {
        if (InputType is { } type) TiedWeights.Move(module, () => module.to(type));
    }

    public override IDisposable? Creation() => Forward();

    // Tensors that a step makes without naming a type get the right one.
    public override IDisposable? Forward() => InputType is { } type ? new DefaultType(type) : null;

    private sealed class DefaultType : IDisposable
    {
        private readonly ScalarType _former = get_default_dtype();

        public DefaultType(ScalarType type) => set_default_dtype(type);

        public void Dispose() => set_default_dtype(_former);
    }
}
