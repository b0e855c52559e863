using LightningSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>Replaces TorchSharp's optimizers by their fused equivalents.</summary>
internal static class OptimizerAcceleration
{
    /// <summary>
    /// The fused optimizer that computes what <paramref name="optimizer"/> computes, or null when there is none: another type (also a derived one),
    /// options that mean something else in the kernel, or a device or element type without kernel.
    /// It shares the parameter groups, so schedulers built on the original keep steering it, and takes over state and step counts;
    /// the original must not be stepped or disposed afterwards (disposing the new one disposes it).
    /// </summary>
    public static FusedOptimizer? Accelerate(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (!Dispatcher.IsAvailable) return null;
        FusedOptimizer? fused = optimizer switch
        {
            Adam adam when optimizer.GetType() == typeof(Adam) && Fits<Adam.ParamGroup>(adam) => Convert(adam),
            AdamW adamW when optimizer.GetType() == typeof(AdamW) && Fits<AdamW.ParamGroup>(adamW) => Convert(adamW),
            SGD sgd when optimizer.GetType() == typeof(SGD) && Fits<SGD.ParamGroup>(sgd) && !NegatesDecay(sgd) => Convert(sgd),
            Adagrad adagrad when optimizer.GetType() == typeof(Adagrad) && Fits<Adagrad.ParamGroup>(adagrad) => Convert(adagrad),
            _ => null,
        };
        fused?.Replace(optimizer);
        return fused;
    }

    /// <summary>Why <see cref="Accelerate"/> gave null, in a few words.</summary>
    public static string WhyNot(optim.Optimizer optimizer) => optimizer switch
    {
        _ when !Dispatcher.IsAvailable => "this libtorch does not export the fused kernels",
        SGD sgd when optimizer.GetType() == typeof(SGD) && NegatesDecay(sgd) => "maximize with weight decay means something else in the kernel",
        Adam or AdamW or SGD or Adagrad when optimizer.GetType().Assembly == typeof(Adam).Assembly => "no fused kernel for its parameters",
        _ => "no fused kernel for it",
    };

    private static FusedAdam Convert(Adam adam)
    {
        var fused = new FusedAdam(Groups<Adam.ParamGroup>(adam));
        (fused.Betas, var index) = (adam.Betas, 0);
        foreach (var state in adam.state_dict().State.Cast<Adam.State>())
            fused.Adopt(index++, state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
        return fused;
    }

    private static FusedAdamW Convert(AdamW adamW)
    {
        var fused = new FusedAdamW(Groups<AdamW.ParamGroup>(adamW));
        (fused.Betas, var index) = (adamW.Betas, 0);
        foreach (var state in adamW.state_dict().State.Cast<AdamW.State>())
            fused.Adopt(index++, state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
        return fused;
    }

    private static FusedSGD Convert(SGD sgd)
    {
        var fused = new FusedSGD(Groups<SGD.ParamGroup>(sgd)) { Momentum = sgd.Momentum };
        var index = 0;
        foreach (var state in sgd.state_dict().State.Cast<SGD.State>())
            fused.Adopt(index++, state.momentum_buffer is null ? 0 : 1, state.momentum_buffer);
        return fused;
    }

    private static FusedAdagrad Convert(Adagrad adagrad)
    {
        var fused = new FusedAdagrad(Groups<Adagrad.ParamGroup>(adagrad));
        var index = 0;
        foreach (var state in adagrad.state_dict().State.Cast<Adagrad.State>())
            fused.Adopt(index++, state.step, state.sum);
        return fused;
    }

    // TorchSharp's SGD turns the step around after adding the decay, PyTorch and the kernel before.
    private static bool NegatesDecay(SGD sgd) => Groups<SGD.ParamGroup>(sgd)
        .Any(group => group.Options.maximize == true && group.Options.weight_decay.GetValueOrDefault() != 0);

    private static IEnumerable<TGroup> Groups<TGroup>(optim.Optimizer optimizer) => optimizer.ParamGroups.Cast<TGroup>();

    private static bool Fits<TGroup>(optim.Optimizer optimizer)
        where TGroup : ParamGroup
    {
        var seen = new HashSet<nint>();
        foreach (var group in optimizer.ParamGroups)
        {
            if (group is not TGroup typed) return false;
            foreach (var parameter in typed.Parameters)
            {
                if (parameter.IsInvalid || !seen.Add(parameter.Handle) || !HasKernel<TGroup>(parameter)) return false;
            }
        }

        return true;
    }

    private static bool HasKernel<TGroup>(Parameter parameter)
    {
        var device = parameter.device_type;
        if (typeof(TGroup) == typeof(SGD.ParamGroup) && !FusedSGD.KernelExists(device, parameter.dtype)) return false;
        return (device == DeviceType.CPU || (device == DeviceType.CUDA && typeof(TGroup) != typeof(Adagrad.ParamGroup)))
            && parameter.dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16
            && TensorLayout.IsDense(parameter.Handle);
    }
}
