#pragma warning disable CA1707 // argument names are TorchSharp's own, so that exchanging the type is all it takes
using LightningSharp.Checkpointing;
using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Adam (Kingma and Ba, 2015), in one kernel call per group. Takes TorchSharp's parameter groups (<see cref="Adam.ParamGroup"/>), so every scheduler works.
/// Equal to TorchSharp's <c>Adam</c> within rounding, and to PyTorch's with <c>fused=True</c>.
/// </summary>
public sealed class FusedAdam : FusedOptimizer, optim.IBetas
{
    private static readonly string[] Names = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"];
    private readonly Adam.Options _defaults;

    /// <summary>Creates the optimizer with one group.</summary>
    /// <param name="parameters">What to optimize.</param>
    /// <param name="lr">Learning rate; default 1e-3.</param>
    /// <param name="beta1">Decay of the running mean of gradients; default 0.9.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients; default 0.999.</param>
    /// <param name="eps">Added to the denominator; default 1e-8.</param>
    /// <param name="weight_decay">Added to the gradient, times the parameter; default 0, as in PyTorch.</param>
    /// <param name="amsgrad">Divide by the largest running mean of squares so far; default false.</param>
    /// <param name="maximize">Go up instead of down; default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    public FusedAdam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this((IEnumerable<Adam.ParamGroup>)[new() { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Creates the optimizer with several groups; options that a group leaves out come from the other arguments.</summary>
    /// <inheritdoc cref="FusedAdam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
    public FusedAdam(
        IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize, allowKernel: true)
    {
    }

    internal FusedAdam(
        IEnumerable<Adam.ParamGroup> parameters, double lr, double beta1, double beta2, double eps,
        double weight_decay, bool amsgrad, bool maximize, bool allowKernel)
        : base(allowKernel)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        if (beta1 is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "Expected a value from 0 up to, not including, 1.");
        if (beta2 is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "Expected a value from 0 up to, not including, 1.");
        _defaults = new()
        {
            LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps,
            weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    /// <summary>The default coefficients for new groups.</summary>
    public (double, double) Betas
    {
        get => (_defaults.beta1.GetValueOrDefault(), _defaults.beta2.GetValueOrDefault());
        set => (_defaults.beta1, _defaults.beta2) = value;
    }

    private protected override string[] StateNames => Names;

    private protected override bool HasKernel(DeviceType device, ScalarType type) => device is DeviceType.CPU or DeviceType.CUDA;

    private protected override int SlotCount(ParamGroup group) => Of(group).amsgrad == true ? 3 : 2;

    private protected override void UpdateFused(ParamGroup group, in FusedTensors tensors, long step)
        => Dispatcher.FusedAdam(tensors, decoupled: false, Settings(group));

    private protected override void UpdatePlain(ParamGroup group, Parameter parameter, Tensor gradient, ReadOnlySpan<Tensor?> state, long step)
        => AdamRule.Update(parameter, gradient, state, step, decoupled: false, Settings(group));

    private protected override void FillDefaults(ParamGroup group)
    {
        group.Options ??= new Adam.Options();
        var options = Of(group);
        options.LearningRate ??= _defaults.LearningRate;
        options.beta1 ??= _defaults.beta1;
        options.beta2 ??= _defaults.beta2;
        options.eps ??= _defaults.eps;
        options.weight_decay ??= _defaults.weight_decay;
        options.amsgrad ??= _defaults.amsgrad;
        options.maximize ??= _defaults.maximize;
        if (options.InitialLearningRate == 0) options.InitialLearningRate = options.LearningRate.GetValueOrDefault();
    }

    private protected override Dictionary<string, object?> DescribeGroup(ParamGroup group)
    {
        var settings = Settings(group);
        return new()
        {
            ["lr"] = settings.LearningRate, ["betas"] = new CheckpointTuple(settings.Beta1, settings.Beta2), ["eps"] = settings.Epsilon,
            ["weight_decay"] = settings.WeightDecay, ["amsgrad"] = settings.Amsgrad, ["maximize"] = settings.Maximize,
            ["foreach"] = null, ["capturable"] = false, ["differentiable"] = false, ["fused"] = null,
        };
    }

    private protected override void RestoreGroup(ParamGroup group, GroupReader saved)
    {
        var options = Of(group);
        (options.beta1, options.beta2) = saved.Pair("betas", options.beta1, options.beta2);
        options.eps = saved.Number("eps", options.eps);
        options.weight_decay = saved.Number("weight_decay", options.weight_decay);
        options.amsgrad = saved.Flag("amsgrad", options.amsgrad);
        options.maximize = saved.Flag("maximize", options.maximize);
    }

    private static Adam.Options Of(ParamGroup group) => group.Options as Adam.Options
        ?? throw new ArgumentException($"FusedAdam takes groups of type Adam.ParamGroup. Received options of type {group.Options?.GetType().FullName}.");

    private static AdamSettings Settings(ParamGroup group)
    {
        var options = Of(group);
        return new(
            group.LearningRate, options.beta1.GetValueOrDefault(), options.beta2.GetValueOrDefault(), options.eps.GetValueOrDefault(),
            options.weight_decay.GetValueOrDefault(), options.amsgrad.GetValueOrDefault(), options.maximize.GetValueOrDefault());
    }
}
