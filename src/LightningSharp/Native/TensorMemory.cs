using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>Where a tensor's elements are. From libtorch's stable C interface, which takes TorchSharp's handles as they are.</summary>
internal static partial class TensorMemory
{
    /// <summary>The address of the first element of the tensor (after its storage offset), on whatever device it is.</summary>
    public static nint Address(Tensor tensor)
    {
        var code = GetDataPointer(tensor.Handle, out var address);
        GC.KeepAlive(tensor);
        return code == 0 ? address : throw new BackendException("libtorch did not give the address of a tensor's memory. Sparse, quantized and meta tensors have none.");
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_get_data_ptr")]
    private static partial int GetDataPointer(nint tensor, out nint address);
}
