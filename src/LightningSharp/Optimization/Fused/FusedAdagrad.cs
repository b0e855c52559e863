#pragma warning disable CA1707 // argument names are TorchSharp's own, so that exchanging the type is all it takes
using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer, 2011) in one kernel call per group on the CPU. Takes TorchSharp's parameter groups
/// (<see cref="Adagrad.ParamGroup"/>), so every scheduler works.
/// </summary>
public sealed class FusedAdagrad : FusedOptimizer
{
    private static readonly string[] Names = ["sum"];
    private readonly Adagrad.Options _defaults;

    /// <summary>Creates the optimizer with one group.</summary>
    /// <param name="parameters">What to optimize.</param>
    /// <param name="lr">Learning rate; default 1e-2.</param>
    /// <param name="lr_decay">The learning rate is divided by 1 + (updates so far) × this; default 0.</param>
    /// <param name="weight_decay">Added to the gradient, times the parameter; default 0.</param>
    /// <param name="initial_accumulator_value">Start of the sums of squares; default 0.</param>
    /// <param name="eps">Added to the denominator; default 1e-10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative value.</exception>
    public FusedAdagrad(
        IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1e-10)
        : this((IEnumerable<Adagrad.ParamGroup>)[new() { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    /// <summary>Creates the optimizer with several groups; options that a group leaves out come from the other arguments.</summary>
    /// <inheritdoc cref="FusedAdagrad(IEnumerable{Parameter}, double, double, double, double, double)"/>
    public FusedAdagrad(
        IEnumerable<Adagrad.ParamGroup> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1e-10)
        : this(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps, allowKernel: true)
    {
    }

    internal FusedAdagrad(
        IEnumerable<Adagrad.ParamGroup> parameters, double lr, double lr_decay, double weight_decay,
        double initial_accumulator_value, double eps, bool allowKernel)
        : base(allowKernel)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(lr_decay);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        ArgumentOutOfRangeException.ThrowIfNegative(initial_accumulator_value);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        _defaults = new()
        {
            LearningRate = lr, InitialLearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay,
            initial_accumulator_value = initial_accumulator_value, eps = eps,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    private protected override string[] StateNames => Names;

    private protected override bool StartsWithState => true;

    private protected override bool HasKernel(DeviceType device, ScalarType type) => device is DeviceType.CPU;

    private protected override int SlotCount(ParamGroup group) => 1;

    internal override Tensor CreateState(int slot, Parameter parameter, ParamGroup group)
    {
        using Scalar start = Of(group).initial_accumulator_value.GetValueOrDefault();
        return full_like(parameter, start, requires_grad: false);
    }

    private protected override void UpdateFused(ParamGroup group, in FusedTensors tensors, long step)
        => Dispatcher.FusedAdagrad(tensors, Settings(group));

    private protected override void UpdatePlain(ParamGroup group, Parameter parameter, Tensor gradient, ReadOnlySpan<Tensor?> state, long step)
    {
        var settings = Settings(group);
        if (settings.WeightDecay != 0)
        {
            using Scalar decay = settings.WeightDecay;
            gradient = gradient.add(parameter, alpha: decay);
        }

        var sum = state[0]!; // not null: made before the first update
        using Scalar one = 1.0, epsilon = settings.Epsilon, size = -settings.LearningRate / (1 + ((step - 1) * settings.LearningRateDecay));
        sum.addcmul_(gradient, gradient, value: one);
        parameter.addcdiv_(gradient, sum.sqrt().add_(epsilon), value: size);
    }

    private protected override void FillDefaults(ParamGroup group)
    {
        group.Options ??= new Adagrad.Options();
        var options = Of(group);
        options.LearningRate ??= _defaults.LearningRate;
        options.lr_decay ??= _defaults.lr_decay;
        options.weight_decay ??= _defaults.weight_decay;
        options.initial_accumulator_value ??= _defaults.initial_accumulator_value;
        options.eps ??= _defaults.eps;
        if (options.InitialLearningRate == 0) options.InitialLearningRate = options.LearningRate.GetValueOrDefault();
    }

    private protected override Dictionary<string, object?> DescribeGroup(ParamGroup group)
    {
        var settings = Settings(group);
        return new()
        {
            ["lr"] = settings.LearningRate, ["lr_decay"] = settings.LearningRateDecay, ["eps"] = settings.Epsilon,
            ["weight_decay"] = settings.WeightDecay, ["initial_accumulator_value"] = Of(group).initial_accumulator_value.GetValueOrDefault(),
            ["foreach"] = null, ["maximize"] = false, ["differentiable"] = false, ["fused"] = null,
        };
    }

    private protected override void RestoreGroup(ParamGroup group, GroupReader saved)
    {
        var options = Of(group);
        options.lr_decay = saved.Number("lr_decay", options.lr_decay);
        options.weight_decay = saved.Number("weight_decay", options.weight_decay);
        options.initial_accumulator_value = saved.Number("initial_accumulator_value", options.initial_accumulator_value);
        options.eps = saved.Number("eps", options.eps);
    }

    private static Adagrad.Options Of(ParamGroup group) => group.Options as Adagrad.Options
        ?? throw new ArgumentException($"FusedAdagrad takes groups of type Adagrad.ParamGroup. Received options of type {group.Options?.GetType().FullName}.");

    private static AdagradSettings Settings(ParamGroup group)
    {
        var options = Of(group);
        return new(group.LearningRate, options.lr_decay.GetValueOrDefault(), options.weight_decay.GetValueOrDefault(), options.eps.GetValueOrDefault());
    }
}
