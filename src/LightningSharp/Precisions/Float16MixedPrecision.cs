using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>Autocast to float16, whose small range makes gradients vanish unless the loss is scaled; see <see cref="GradientScaler"/>.</summary>
/// <param name="make">Makes the scaler of a run; null for PyTorch's numbers.</param>
/// <param name="emulates">Runs on a CPU too, many times slower than float32: for tests, which then see what a GPU does.</param>
/// <param name="device">Where a run computes.</param>
/// <param name="scaler">The scaler of a run; null before one.</param>
internal sealed class Float16MixedPrecision(Func<Device, GradientScaler>? make = null, bool emulates = false, DeviceType device = DeviceType.CUDA, GradientScaler? scaler = null) : Precision
{
    public override string Name => "16-mixed";

    public override double? LossScale => scaler?.Scale;

    public override long SkippedSteps => scaler?.SkippedSteps ?? 0;

    public override Precision ForDevice(Device device, out string? warning)
    {
        MixedPrecisionSupport.Require(Name, device.type);
        if (device.type != DeviceType.CPU || emulates)
        {
            warning = null;
            return new Float16MixedPrecision(make, emulates, device.type, make?.Invoke(device) ?? new GradientScaler(device));
        }

        var instead = new BFloat16MixedPrecision().ForDevice(device, out var slow);
        warning = "Precision 16-mixed was asked for, but float16 autocast is made for GPUs: using bf16-mixed on the CPU instead." + (slow is null ? "" : $" {slow}");
        return instead;
    }

    public override IDisposable? Forward() => Autocast.Begin(device, ScalarType.Float16);

    public override Tensor ScaleLoss(Tensor loss) => Scaler.ScaleLoss(loss);

    public override void Unscale(optim.Optimizer optimizer) => Scaler.Unscale(optimizer);

    public override bool Step(optim.Optimizer optimizer)
    {
        if (optimizer is LBFGS)
            throw new MisconfigurationException("LBFGS cannot be used with precision 16-mixed: it evaluates the loss several times per step. Use Precision.BFloat16Mixed, or another optimizer.");
        return Scaler.Step(optimizer);
    }

    public override void Discard(optim.Optimizer optimizer) => Scaler.Discard(optimizer);

    public override IReadOnlyDictionary<string, object?> StateDict() => scaler?.StateDict() ?? base.StateDict();

    public override void LoadStateDict(IReadOnlyDictionary<string, object?> state) => scaler?.LoadStateDict(state);

    public override void Dispose()
    {
        scaler?.Dispose();
        base.Dispose();
    }

    private GradientScaler Scaler => scaler
        ?? throw new InvalidOperationException("Precision.Float16Mixed is a choice, not a run: call ForDevice first and use what it returns.");
}
