using TorchSharp;

namespace LightningSharp.Tests.Native;

/// <summary>
/// The native reference count of a tensor: what leaks when a handle is lost, however small. A TensorImpl starts with its virtual table,
/// and the counts (strong and weak) come next, in one or two words.
/// </summary>
internal static unsafe class NativeReferences
{
    public static long Of(torch.Tensor tensor) => (*(long**)tensor.Handle)[1];
}
