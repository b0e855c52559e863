using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>
/// A parameter's gradient as a borrowed handle, without making a wrapper: <c>c10::TensorImpl::grad()</c>, exported by libc10.
/// An <c>at::Tensor</c> is one pointer to its <c>TensorImpl</c>; a check at start-up proves that, otherwise callers use TorchSharp's <c>grad</c>.
/// </summary>
internal static unsafe class GradientReader
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, nint> Grad =
        (delegate* unmanaged[SuppressGCTransition]<nint, nint>)LibTorchExports.FindInC10(
            "_ZNK3c1010TensorImpl4gradEv", "?grad@TensorImpl@c10@@QEBAAEBVTensor@at@@XZ");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, int> IsDefined =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, int>)LibTorchExports.Find("aoti_torch_is_defined");

    /// <summary>Whether gradients can be read this way.</summary>
    public static bool IsAvailable { get; } = Grad != null && IsDefined != null && StableAbi.IsAvailable && Proves();

    /// <summary>The gradient's handle, or 0 when there is none. Borrowed: valid until the next backward pass or change of the gradient.</summary>
    public static nint Read(nint parameter)
    {
        var gradient = Grad(*(nint*)parameter);
        byte defined;
        return IsDefined(gradient, &defined) == 0 && defined != 0 ? gradient : 0;
    }

    private static bool Proves()
    {
        using var scope = NewDisposeScope();
        var parameter = zeros(3, requires_grad: true);
        if (Read(parameter.Handle) != 0) return false;
        parameter.grad = ones(3);
        var gradient = parameter.grad;
        var read = Read(parameter.Handle);
        return gradient is not null && read != 0 && *(nint*)read == *(nint*)gradient.Handle;
    }
}
