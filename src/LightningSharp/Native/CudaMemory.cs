using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>
/// Memory of CUDA devices, from the CUDA runtime that libtorch has loaded. libtorch's own allocator statistics are C++ objects
/// behind virtual calls and out of reach; every member answers null or false where a function is missing, as in the CPU packages.
/// </summary>
public static unsafe class CudaMemory
{
    private static readonly nint Runtime = FindRuntime();

    /// <summary>Free and total bytes of a device, as the driver sees them: what libtorch caches is not free. Null without CUDA.</summary>
    /// <param name="device">The number of the device.</param>
    public static (long Free, long Total)? Read(int device = 0)
    {
        if (Runtime == 0 || !NativeLibrary.TryGetExport(Runtime, "cudaMemGetInfo", out var info)
            || !NativeLibrary.TryGetExport(Runtime, "cudaGetDevice", out var get) || !NativeLibrary.TryGetExport(Runtime, "cudaSetDevice", out var set)) return null;
        int former;
        if (((delegate* unmanaged<int*, int>)get)(&former) != 0) return null;
        var choose = (delegate* unmanaged<int, int>)set;
        if (former != device && choose(device) != 0) return null;
        nuint free, total;
        var code = ((delegate* unmanaged<nuint*, nuint*, int>)info)(&free, &total);
        if (former != device) _ = choose(former);
        return code == 0 ? ((long)free, (long)total) : null;
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
