using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>
/// Memory of the current CUDA device, from the CUDA runtime that libtorch has loaded. libtorch's own allocator statistics are C++ objects
/// behind virtual calls and out of reach; every member answers null or false where a function is missing, as in the CPU packages.
/// </summary>
internal static unsafe class CudaMemory
{
    private static readonly nint Runtime = FindRuntime();

    /// <summary>Free and total bytes of the current device; null without CUDA.</summary>
    public static (long Free, long Total)? Read()
    {
        if (Runtime == 0 || !NativeLibrary.TryGetExport(Runtime, "cudaMemGetInfo", out var address)) return null;
        nuint free, total;
        return ((delegate* unmanaged<nuint*, nuint*, int>)address)(&free, &total) == 0 ? ((long)free, (long)total) : null;
    }

    /// <summary>Gives cached, unused blocks back to the driver; false when this libtorch does not export it.</summary>
    public static bool EmptyCache() => Call("_ZN2at11accelerator10emptyCacheEv", "?emptyCache@accelerator@at@@YAXXZ");

    private static bool Call(string itanium, string microsoft)
    {
        // Without a device libtorch would answer with a C++ exception, which ends the process.
        if (Runtime == 0 || !TorchSharp.torch.cuda.is_available()) return false;
        var function = (delegate* unmanaged<void>)LibTorchExports.Find(itanium, microsoft);
        if (function == null) return false;
        function();
        return true;
    }

    private static nint FindRuntime()
    {
        LibTorch.EnsureLoaded();
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            using (module)
            {
                var name = Path.GetFileName(module.FileName);
                if ((name.StartsWith("libcudart", StringComparison.Ordinal) || name.StartsWith("cudart64", StringComparison.OrdinalIgnoreCase))
                    && NativeLibrary.TryLoad(module.FileName, out var handle)) return handle;
            }
        }

        return 0;
    }
}
