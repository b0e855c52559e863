using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>
/// The operators of libtorch that we call past TorchSharp, each with its argument types fixed here: a wrong kind of argument crashes the process,
/// so there is no way to call an operator that is not in this file. Arguments are borrowed; the caller keeps the wrappers alive
/// and runs in no-grad mode where parameters are changed.
/// </summary>
internal static class Dispatcher
{
    private const ulong None = 0, False = 0, ChannelsLastFormat = 2;

    /// <summary>Whether the operators can be called at all in this libtorch.</summary>
    public static bool IsAvailable => StableAbi.IsAvailable;

    /// <summary>One step of Adam, or of AdamW when <paramref name="decoupled"/>, over all tensors; the step count is shared and already advanced.</summary>
    public static void FusedAdam(in FusedTensors tensors, bool decoupled, in AdamSettings settings)
    {
        Span<ulong> stack =
        [
            StableAbi.List(tensors.Parameters), StableAbi.List(tensors.Gradients), StableAbi.List(tensors.State0), StableAbi.List(tensors.State1),
            settings.Amsgrad ? StableAbi.List(tensors.State2) : StableAbi.List([]), StableAbi.Repeat(tensors.Step, tensors.Parameters.Length),
            Of(settings.LearningRate), Of(settings.Beta1), Of(settings.Beta2), Of(settings.WeightDecay), Of(settings.Epsilon),
            Of(settings.Amsgrad), Of(settings.Maximize), None, None,
        ];
        StableAbi.Call(decoupled ? "aten::_fused_adamw_"u8 : "aten::_fused_adam_"u8, default, stack);
    }

    /// <summary>One step of stochastic gradient descent; <see cref="FusedTensors.State0"/> holds the momentum buffers or is empty.</summary>
    public static void FusedSgd(in FusedTensors tensors, in SgdSettings settings, bool isFirstStep)
    {
        Span<ulong> stack =
        [
            StableAbi.List(tensors.Parameters), StableAbi.List(tensors.Gradients), StableAbi.List(tensors.State0),
            Of(settings.WeightDecay), Of(settings.Momentum), Of(settings.LearningRate), Of(settings.Dampening),
            Of(settings.Nesterov), Of(settings.Maximize), Of(isFirstStep), None, None,
        ];
        StableAbi.Call("aten::_fused_sgd_"u8, default, stack);
    }

    /// <summary>One step of Adagrad; <see cref="FusedTensors.State0"/> holds the sums of squares.</summary>
    public static void FusedAdagrad(in FusedTensors tensors, in AdagradSettings settings)
    {
        Span<ulong> stack =
        [
            StableAbi.List(tensors.Parameters), StableAbi.List(tensors.Gradients), StableAbi.List(tensors.State0),
            StableAbi.Repeat(tensors.Step, tensors.Parameters.Length),
            Of(settings.LearningRate), Of(settings.LearningRateDecay), Of(settings.WeightDecay), Of(settings.Epsilon), False, None, None,
        ];
        StableAbi.Call("aten::_fused_adagrad_"u8, default, stack);
    }

    /// <summary>Fills all tensors with zeros.</summary>
    public static void ForeachZero(ReadOnlySpan<nint> tensors)
    {
        Span<ulong> stack = [StableAbi.List(tensors)];
        StableAbi.Call("aten::_foreach_zero_"u8, default, stack);
    }

    /// <summary>Multiplies all tensors by one 0-dimensional tensor in place.</summary>
    public static void ForeachMultiply(ReadOnlySpan<nint> tensors, Tensor factor)
    {
        Span<ulong> stack = [StableAbi.List(tensors), StableAbi.Duplicate(factor.Handle)];
        StableAbi.Call("aten::_foreach_mul_"u8, "Tensor"u8, stack);
        GC.KeepAlive(factor);
    }

    /// <summary>Multiplies all gradients by <paramref name="inverseScale"/> and writes 1 into <paramref name="foundInf"/> when one is not finite.</summary>
    public static void AmpUnscale(ReadOnlySpan<nint> gradients, Tensor foundInf, Tensor inverseScale)
    {
        Span<ulong> stack = [StableAbi.List(gradients), StableAbi.Duplicate(foundInf.Handle), StableAbi.Duplicate(inverseScale.Handle)];
        StableAbi.Call("aten::_amp_foreach_non_finite_check_and_unscale_"u8, default, stack);
        GC.KeepAlive(foundInf);
        GC.KeepAlive(inverseScale);
    }

    /// <summary>Grows or shrinks a loss scale in place.</summary>
    public static void AmpUpdateScale(Tensor scale, Tensor growthTracker, Tensor foundInf, double growth, double backoff, long interval)
    {
        Span<ulong> stack =
        [
            StableAbi.Duplicate(scale.Handle), StableAbi.Duplicate(growthTracker.Handle), StableAbi.Duplicate(foundInf.Handle),
            Of(growth), Of(backoff), (ulong)interval,
        ];
        StableAbi.Call("aten::_amp_update_scale_"u8, default, stack);
        StableAbi.Delete(stack[0]); // in-place operators return their first argument under a handle of its own
        GC.KeepAlive(scale);
        GC.KeepAlive(growthTracker);
        GC.KeepAlive(foundInf);
    }

    /// <summary>The same values with the channels innermost in memory. Follows autograd, like every operator.</summary>
    public static Tensor ToChannelsLast(Tensor tensor)
    {
        Span<ulong> stack = [StableAbi.Duplicate(tensor.Handle), ChannelsLastFormat];
        StableAbi.Call("aten::contiguous"u8, default, stack);
        GC.KeepAlive(tensor);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>Matrix product whose errors arrive as <see cref="BackendException"/>: TorchSharp's own ends the process on wrong shapes.</summary>
    public static Tensor Matmul(Tensor left, Tensor right)
    {
        Span<ulong> stack = [StableAbi.Duplicate(left.Handle), StableAbi.Duplicate(right.Handle)];
        StableAbi.Call("aten::matmul"u8, default, stack);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    private static ulong Of(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static ulong Of(bool value) => value ? 1UL : 0UL;
}
