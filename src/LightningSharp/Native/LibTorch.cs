using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace LightningSharp.Native;

/// <summary>
/// Loads libtorch on every system that TorchSharp supports, and on those whose libstdc++ is older than TorchSharp's build machine
/// (Debian 12, Ubuntu 22.04, RHEL 9 …). Applications never call it: the package compiles a call into them that runs before their first line.
/// </summary>
public static class LibTorch
{
    private static readonly Lock Gate = new();
    private static bool _installed;

    /// <summary>Watches for TorchSharp's native library failing to load and offers a corrected copy. Cheap, idempotent, thread-safe.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Install()
    {
        lock (Gate)
        {
            if (_installed) return;
            _installed = true;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }
    }

    /// <summary>Loads libtorch now, or says in a few lines why it cannot be loaded and what helps.</summary>
    /// <exception cref="BackendException">No native package, the wrong architecture, or a C++ runtime that is too old.</exception>
    public static void EnsureLoaded()
    {
        Install();
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is not BackendException)
        {
            throw FindBackendException(exception) ?? LibTorchDiagnosis.Explain(exception);
        }
    }

    private static BackendException? FindBackendException(Exception? exception)
    {
        while (exception is not (null or BackendException)) exception = exception.InnerException;
        return exception as BackendException;
    }

    // Runs only after normal probing failed, hence never on a system where TorchSharp loads by itself.
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != "LibTorchSharp" || assembly.GetName().Name != "TorchSharp") return 0;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) throw LibTorchDiagnosis.Explain(null);
        var wrapper = LibTorchFiles.Find("libLibTorchSharp.so") ?? throw LibTorchDiagnosis.Explain(null);
        try
        {
            foreach (var dependency in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            {
                var path = LibTorchFiles.Find(dependency) ?? throw LibTorchDiagnosis.Explain(null);
                NativeLibrary.Load(path);
            }

            return NativeLibrary.Load(CorrectedWrapper.GetOrCreate(wrapper));
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw LibTorchDiagnosis.Explain(exception);
        }
    }
}
