namespace LightningSharp.Native;

/// <summary>
/// libtorch's stable C interface (torch/csrc/inductor/aoti_torch/c/shim.h and torch/csrc/stable/c/shim.h, 2.10): tensors by handle, lists, the dispatcher.
/// A tensor handle is an owning <c>at::Tensor*</c>; TorchSharp's <c>Tensor.Handle</c> is one that the wrapper owns, so it may be lent but never given away.
/// </summary>
internal static unsafe class StableAbi
{
    /// <summary>The encoding of arguments that this code was written against. The interface is append-only: newer libtorch keeps reading it.</summary>
    private const ulong WrittenFor = 0x020A_0000_0000_0000;

    private const int Strided = 0;

    private static readonly delegate* unmanaged<byte*, byte*, ulong*, ulong, int> CallDispatcher =
        (delegate* unmanaged<byte*, byte*, ulong*, ulong, int>)LibTorchExports.Find("torch_call_dispatcher");

    private static readonly delegate* unmanaged<nint, nint*, int> NewTensorHandle =
        (delegate* unmanaged<nint, nint*, int>)LibTorchExports.Find("aoti_torch_new_tensor_handle");

    private static readonly delegate* unmanaged<nint, int> DeleteTensor =
        (delegate* unmanaged<nint, int>)LibTorchExports.Find("aoti_torch_delete_tensor_object");

    private static readonly delegate* unmanaged<nuint, nint*, int> NewList =
        (delegate* unmanaged<nuint, nint*, int>)LibTorchExports.Find("torch_new_list_reserve_size");

    private static readonly delegate* unmanaged<nint, ulong, int> ListPushBack =
        (delegate* unmanaged<nint, ulong, int>)LibTorchExports.Find("torch_list_push_back");

    // The getters below only read fields, hence no switch of the garbage collector's mode around them.
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long*, int> GetDim =
        (delegate* unmanaged[SuppressGCTransition]<nint, long*, int>)LibTorchExports.Find("aoti_torch_get_dim");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long**, int> GetSizes =
        (delegate* unmanaged[SuppressGCTransition]<nint, long**, int>)LibTorchExports.Find("aoti_torch_get_sizes");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long**, int> GetStrides =
        (delegate* unmanaged[SuppressGCTransition]<nint, long**, int>)LibTorchExports.Find("aoti_torch_get_strides");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long*, int> GetNumel =
        (delegate* unmanaged[SuppressGCTransition]<nint, long*, int>)LibTorchExports.Find("aoti_torch_get_numel");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int*, int> GetLayout =
        (delegate* unmanaged[SuppressGCTransition]<nint, int*, int>)LibTorchExports.Find("aoti_torch_get_layout");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int*, int> GetDtype =
        (delegate* unmanaged[SuppressGCTransition]<nint, int*, int>)LibTorchExports.Find("aoti_torch_get_dtype");

    private static readonly delegate* unmanaged<nint, void**, int> GetDataPointer =
        (delegate* unmanaged<nint, void**, int>)LibTorchExports.Find("aoti_torch_get_data_ptr");

    private static readonly delegate* unmanaged<nint, float*, int> ItemFloat32 =
        (delegate* unmanaged<nint, float*, int>)LibTorchExports.Find("aoti_torch_item_float32");

    private static readonly delegate* unmanaged<nint, double*, int> ItemFloat64 =
        (delegate* unmanaged<nint, double*, int>)LibTorchExports.Find("aoti_torch_item_float64");

    /// <summary>True when every function is there and the library understands our encoding.</summary>
    public static bool IsAvailable { get; } =
        CallDispatcher != null && NewTensorHandle != null && DeleteTensor != null && NewList != null && ListPushBack != null
        && GetDim != null && GetSizes != null && GetStrides != null && GetNumel != null && GetLayout != null && GetDtype != null
        && GetDataPointer != null && Version() >= WrittenFor;

    /// <summary>Runs an operator. The arguments on the stack belong to libtorch afterwards, its results to the caller.</summary>
    public static void Call(ReadOnlySpan<byte> operation, ReadOnlySpan<byte> overload, Span<ulong> stack)
    {
        int code;

        // The names are UTF-8 literals: constants of the image, followed by a zero byte.
        fixed (byte* name = operation, variant = overload)
        fixed (ulong* arguments = stack)
        {
            var empty = (byte)0;
            code = CallDispatcher(name, variant == null ? &empty : variant, arguments, WrittenFor);
        }

        if (code != 0)
        {
            throw new BackendException(
                $"libtorch refused the operator {System.Text.Encoding.UTF8.GetString(operation)}. Its own message is on the standard error output above.");
        }
    }

    /// <summary>A handle of its own to the same tensor, to be given away.</summary>
    public static ulong Duplicate(nint tensor)
    {
        nint copy;
        Check(NewTensorHandle(tensor, &copy), "aoti_torch_new_tensor_handle");
        return (ulong)copy;
    }

    /// <summary>Frees an owning handle.</summary>
    public static void Delete(ulong tensor) => Check(DeleteTensor((nint)tensor), "aoti_torch_delete_tensor_object");

    /// <summary>A list of duplicates, to be given away.</summary>
    public static ulong List(ReadOnlySpan<nint> tensors)
    {
        nint list;
        Check(NewList((nuint)tensors.Length, &list), "torch_new_list_reserve_size");
        foreach (var tensor in tensors) Check(ListPushBack(list, Duplicate(tensor)), "torch_list_push_back");
        return (ulong)list;
    }

    /// <summary>A list that holds one tensor <paramref name="count"/> times, to be given away.</summary>
    public static ulong Repeat(nint tensor, int count)
    {
        nint list;
        Check(NewList((nuint)count, &list), "torch_new_list_reserve_size");
        for (var i = 0; i < count; i++) Check(ListPushBack(list, Duplicate(tensor)), "torch_list_push_back");
        return (ulong)list;
    }

    /// <summary>Where a tensor's first element lies; a device address for a tensor on a device.</summary>
    public static void* Data(nint tensor)
    {
        void* data;
        Check(GetDataPointer(tensor, &data), "aoti_torch_get_data_ptr");
        return data;
    }

    /// <summary>
    /// The number in a tensor of one element, of float32 or float64; waits for a device. TorchSharp's way makes a native scalar and a wrapper with a finalizer each time.
    /// False for other types, and where libtorch does not have the function.
    /// </summary>
    public static bool TryItem(nint tensor, out double value)
    {
        var (type, code, single) = (ElementType(tensor), 1, 0f);
        value = 0;
        if (type == (int)TorchSharp.torch.ScalarType.Float32 && ItemFloat32 != null)
        {
            code = ItemFloat32(tensor, &single);
            value = single;
        }
        else if (type == (int)TorchSharp.torch.ScalarType.Float64 && ItemFloat64 != null)
        {
            fixed (double* address = &value) code = ItemFloat64(tensor, address);
        }

        return code == 0;
    }

    /// <summary>The number of elements.</summary>
    public static long Count(nint tensor)
    {
        long count;
        Check(GetNumel(tensor, &count), "aoti_torch_get_numel");
        return count;
    }

    /// <summary>The element type, in libtorch's numbering (TorchSharp's <c>ScalarType</c> is the same).</summary>
    public static int ElementType(nint tensor)
    {
        int type;
        Check(GetDtype(tensor, &type), "aoti_torch_get_dtype");
        return type;
    }

    /// <summary>Whether the tensor is an ordinary one with strides, not a sparse one.</summary>
    public static bool IsStrided(nint tensor)
    {
        int layout;
        Check(GetLayout(tensor, &layout), "aoti_torch_get_layout");
        return layout == Strided;
    }

    /// <summary>Sizes of the dimensions; valid while the tensor lives and keeps its shape.</summary>
    public static ReadOnlySpan<long> Sizes(nint tensor)
    {
        long* sizes;
        Check(GetSizes(tensor, &sizes), "aoti_torch_get_sizes");
        return new(sizes, Dimensions(tensor));
    }

    /// <summary>Strides of the dimensions; valid while the tensor lives and keeps its shape.</summary>
    public static ReadOnlySpan<long> Strides(nint tensor)
    {
        long* strides;
        Check(GetStrides(tensor, &strides), "aoti_torch_get_strides");
        return new(strides, Dimensions(tensor));
    }

    private static int Dimensions(nint tensor)
    {
        long dimensions;
        Check(GetDim(tensor, &dimensions), "aoti_torch_get_dim");
        return (int)dimensions;
    }

    private static ulong Version()
    {
        var version = (delegate* unmanaged<ulong>)LibTorchExports.Find("aoti_torch_abi_version");
        return version == null ? 0 : version();
    }

    private static void Check(int code, string function)
    {
        if (code != 0) throw new BackendException($"libtorch's {function} failed. Its own message is on the standard error output above.");
    }
}
