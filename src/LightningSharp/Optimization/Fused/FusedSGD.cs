#pragma warning disable CA1707 // argument names are TorchSharp's own, so that exchanging the type is all it takes
using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Stochastic gradient descent with momentum (Sutskever et al., 2013, as PyTorch writes it) in one kernel call per group.
/// Takes TorchSharp's parameter groups (<see cref="SGD.ParamGroup"/>), so every scheduler works.
/// With <c>maximize</c> and weight decay together it follows PyTorch, where TorchSharp's <c>SGD</c> differs.
/// </summary>
public sealed class FusedSGD : FusedOptimizer, optim.IMomentum
{
    private static readonly string[] Names = ["momentum_buffer"];
    private readonly SGD.Options _defaults;

    /// <summary>Creates the optimizer with one group.</summary>
    /// <param name="parameters">What to optimize.</param>
    /// <param name="lr">Learning rate; default 1e-3, as in PyTorch.</param>
    /// <param name="momentum">Momentum factor; default 0.</param>
    /// <param name="dampening">Part of the gradient kept out of the momentum; default 0.</param>
    /// <param name="weight_decay">Added to the gradient, times the parameter; default 0.</param>
    /// <param name="nesterov">Nesterov momentum; needs momentum and no dampening; default false.</param>
    /// <param name="maximize">Go up instead of down; default false.</param>
    /// <exception cref="ArgumentException">A value outside its range, or Nesterov without momentum or with dampening.</exception>
    public FusedSGD(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this((IEnumerable<SGD.ParamGroup>)[new() { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>Creates the optimizer with several groups; options that a group leaves out come from the other arguments.</summary>
    /// <inheritdoc cref="FusedSGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
    public FusedSGD(
        IEnumerable<SGD.ParamGroup> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize, allowKernel: true)
    {
    }

    internal FusedSGD(
        IEnumerable<SGD.ParamGroup> parameters, double lr, double momentum, double dampening, double weight_decay,
        bool nesterov, bool maximize, bool allowKernel)
        : base(allowKernel)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException($"Nesterov momentum needs a momentum above 0 and no dampening. Received: momentum={momentum}, dampening={dampening}.", nameof(nesterov));
        _defaults = new()
        {
            LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening,
            weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    /// <summary>The default momentum for new groups.</summary>
    public double Momentum
    {
        get => _defaults.momentum.GetValueOrDefault();
        set => _defaults.momentum = value;
    }

    private protected override string[] StateNames => Names;

    private protected override bool HasStep => false;

    internal override bool AcceptsSparse => true;

    private protected override bool HasKernel(DeviceType device, ScalarType type) => KernelExists(device, type);

    // libtorch 2.10's kernel for the CPU leaves bfloat16 and float16 parameters of 16 and more elements as they are: it computes the step and does not store it.
    internal static bool KernelExists(DeviceType device, ScalarType type)
        => device is DeviceType.CUDA || (device is DeviceType.CPU && type is ScalarType.Float32 or ScalarType.Float64);

    private protected override int SlotCount(ParamGroup group) => Of(group).momentum.GetValueOrDefault() != 0 ? 1 : 0;

    // Counts updates of the momentum buffer: the first one fills it.
    private protected override bool CountsSteps(ParamGroup group) => SlotCount(group) == 1;

    private protected override void UpdateFused(ParamGroup group, in FusedTensors tensors, long step)
        => Dispatcher.FusedSgd(tensors, Settings(group), isFirstStep: step == 1);

    private protected override void UpdatePlain(ParamGroup group, Parameter parameter, Tensor gradient, ReadOnlySpan<Tensor?> state, long step)
    {
        var settings = Settings(group);
        if (settings.Maximize) gradient = gradient.neg();
        if (settings.WeightDecay != 0)
        {
            using Scalar decay = settings.WeightDecay;
            gradient = gradient.add(parameter, alpha: decay);
        }

        if (settings.Momentum != 0)
        {
            using Scalar momentum = settings.Momentum, rest = 1 - settings.Dampening;
            var buffer = state[0]!; // not null: made before the first update when there is momentum
            if (step == 1) buffer.copy_(gradient.is_sparse ? gradient.to_dense() : gradient);
            else buffer.mul_(momentum).add_(gradient, alpha: rest);
            gradient = settings.Nesterov ? gradient.add(buffer, alpha: momentum) : buffer;
        }

        using Scalar size = -settings.LearningRate;
        parameter.add_(gradient, alpha: size);
    }

    private protected override void FillDefaults(ParamGroup group)
    {
        group.Options ??= new SGD.Options();
        var options = Of(group);
        options.LearningRate ??= _defaults.LearningRate;
        options.momentum ??= _defaults.momentum;
        options.dampening ??= _defaults.dampening;
        options.weight_decay ??= _defaults.weight_decay;
        options.nesterov ??= _defaults.nesterov;
        options.maximize ??= _defaults.maximize;
        if (options.InitialLearningRate == 0) options.InitialLearningRate = options.LearningRate.GetValueOrDefault();
    }

    private protected override Dictionary<string, object?> DescribeGroup(ParamGroup group)
    {
        var settings = Settings(group);
        return new()
        {
            ["lr"] = settings.LearningRate, ["momentum"] = settings.Momentum, ["dampening"] = settings.Dampening,
            ["weight_decay"] = settings.WeightDecay, ["nesterov"] = settings.Nesterov, ["maximize"] = settings.Maximize,
            ["foreach"] = null, ["differentiable"] = false, ["fused"] = null,
        };
    }

    private protected override void RestoreGroup(ParamGroup group, GroupReader saved)
    {
        var options = Of(group);
        options.momentum = saved.Number("momentum", options.momentum);
        options.dampening = saved.Number("dampening", options.dampening);
        options.weight_decay = saved.Number("weight_decay", options.weight_decay);
        options.nesterov = saved.Flag("nesterov", options.nesterov);
        options.maximize = saved.Flag("maximize", options.maximize);
    }

    private static SGD.Options Of(ParamGroup group) => group.Options as SGD.Options
        ?? throw new ArgumentException($"FusedSGD takes groups of type SGD.ParamGroup. Received options of type {group.Options?.GetType().FullName}.");

    private static SgdSettings Settings(ParamGroup group)
    {
        var options = Of(group);
        return new(
            group.LearningRate, options.momentum.GetValueOrDefault(), options.dampening.GetValueOrDefault(), options.weight_decay.GetValueOrDefault(),
            options.nesterov.GetValueOrDefault(), options.maximize.GetValueOrDefault());
    }
}
