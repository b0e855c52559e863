using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// The number format of training: which type weights and inputs have, in which type the forward pass computes, and how gradients are kept in range.
/// Choose one of the static instances; derive from it for a format of your own.
/// </summary>
/// <example><code>new Trainer(new() { Precision = Precision.BFloat16Mixed })</code></example>
public abstract class Precision : IStateful, IDisposable
{
    /// <summary>32-bit floats everywhere (<c>32-true</c>): the default; changes nothing.</summary>
    public static Precision Float32 { get; } = new TruePrecision("32-true", null);

    /// <summary>64-bit floats everywhere (<c>64-true</c>), for numerical checks.</summary>
    public static Precision Float64 { get; } = new TruePrecision("64-true", ScalarType.Float64);

    /// <summary>Weights, inputs and state in bfloat16 (<c>bf16-true</c>): half the memory, eight bits of precision.</summary>
    public static Precision BFloat16 { get; } = new TruePrecision("bf16-true", ScalarType.BFloat16);

    /// <summary>Weights, inputs and state in float16 (<c>16-true</c>): half the memory, small range; mostly for inference.</summary>
    public static Precision Float16 { get; } = new TruePrecision("16-true", ScalarType.Float16);

    /// <summary>Weights in float32, matrix products and convolutions in bfloat16 (<c>bf16-mixed</c>), by libtorch's autocast.</summary>
    public static Precision BFloat16Mixed { get; } = new BFloat16MixedPrecision();

    /// <summary>Weights in float32, matrix products and convolutions in float16 (<c>16-mixed</c>), with a loss scale that adapts itself.</summary>
    public static Precision Float16Mixed { get; } = new Float16MixedPrecision();

    /// <summary>Mixed precision with a loss scale whose numbers you choose.</summary>
    /// <param name="dtype">float16 or bfloat16: in which type matrix products and convolutions run.</param>
    /// <param name="scaler">Makes the scale of a run, on its device; null for <see cref="Float16Mixed"/>'s own. bfloat16 needs none and takes none.</param>
    /// <exception cref="ArgumentException">Another type, or a scaler for bfloat16.</exception>
    /// <example><code>var trainer = new Trainer(new() { Precision = Precision.Mixed(ScalarType.Float16, device => new GradientScaler(device, initialScale: 1024)) });</code></example>
    public static Precision Mixed(ScalarType dtype, Func<Device, GradientScaler>? scaler = null) => (dtype, scaler) switch
    {
        (ScalarType.BFloat16, null) => BFloat16Mixed,
        (ScalarType.BFloat16, _) => throw new ArgumentException("bf16-mixed takes no gradient scaler: bfloat16 has float32's range, so gradients do not vanish. Leave the scaler out, or use float16.", nameof(scaler)),
        (ScalarType.Float16, null) => Float16Mixed,
        (ScalarType.Float16, _) => new Float16MixedPrecision(scaler),
        _ => throw new ArgumentException($"Mixed precision runs in float16 or bfloat16. Received: {dtype}.", nameof(dtype)),
    };

    /// <summary>The name in PyTorch Lightning's words, such as <c>bf16-mixed</c>; also the name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The type that float tensors of a batch are converted to before transfer; null leaves them.</summary>
    public virtual ScalarType? InputType => null;

    /// <summary>The present loss scale; null without one.</summary>
    public virtual double? LossScale => null;

    /// <summary>Optimizer steps left out because a gradient was infinite or not a number.</summary>
    public virtual long SkippedSteps => 0;

    /// <summary>The precision called by Lightning's name: <c>32-true</c>, <c>64-true</c>, <c>bf16-true</c>, <c>16-true</c>, <c>bf16-mixed</c>, <c>16-mixed</c>; short forms <c>32</c>, <c>64</c>, <c>bf16</c>, <c>16</c>.</summary>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static Precision Parse(string name) => name switch
    {
        "32-true" or "32" => Float32,
        "64-true" or "64" => Float64,
        "bf16-true" => BFloat16,
        "16-true" => Float16,
        "bf16-mixed" or "bf16" => BFloat16Mixed,
        "16-mixed" or "16" => Float16Mixed,
        _ => throw new ArgumentException(
            $"There is no precision '{name}'. Expected 32-true, 64-true, bf16-true, 16-true, bf16-mixed or 16-mixed.", nameof(name)),
    };

    /// <summary>The object for one run on a device: state of its own where there is state, or another precision where this one does not exist.</summary>
    /// <param name="device">Where the run trains.</param>
    /// <param name="warning">What a person should know about this choice; null when nothing.</param>
    /// <exception cref="BackendException">The device or this libtorch cannot compute in this precision.</exception>
    public virtual Precision ForDevice(Device device, out string? warning)
    {
        warning = null;
        return this;
    }

    /// <summary>Converts the weights. Before optimizers are built: TorchSharp replaces the parameter objects.</summary>
    public virtual void ConvertModule(nn.Module module)
    {
    }

    /// <summary>Surrounds <see cref="LightningModule{TBatch, TInput, TOutput}.ConfigureModel"/>, so that layers made there have the right type at once; null when there is nothing to surround.</summary>
    public virtual IDisposable? Creation() => null;

    /// <summary>Surrounds the forward pass and the loss, on one thread; null when there is nothing to surround.</summary>
    public virtual IDisposable? Forward() => null;

    /// <summary>Multiplies the loss before the backward pass; returns it as it is without a loss scale.</summary>
    public virtual Tensor ScaleLoss(Tensor loss) => loss;

    /// <summary>Brings gradients back to their true size, before they are clipped or looked at. A second call before the step does nothing.</summary>
    public virtual void Unscale(optim.Optimizer optimizer)
    {
    }

    /// <summary>The gradients that <see cref="Unscale"/> has seen are cleared, or their step has been taken or left out: the next ones are others.</summary>
    public virtual void Discard(optim.Optimizer optimizer)
    {
    }

    /// <summary>Steps the optimizer, or leaves the step out when a gradient is not finite.</summary>
    /// <returns>False when the step was left out.</returns>
    public virtual bool Step(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.step();
        return true;
    }

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?>();

    /// <inheritdoc/>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
    }

    /// <summary>Ends a run: frees what <see cref="ForDevice"/> made.</summary>
    public virtual void Dispose()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
