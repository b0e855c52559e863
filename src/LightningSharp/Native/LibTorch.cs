using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
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
    private const string Wrapper = "LibTorchSharp";
    private static readonly Lock Gate = new();
    private static bool _installed;
    private static BackendException? _failure;

    /// <summary>Watches for TorchSharp's native library failing to load and offers a corrected copy. Cheap, idempotent, thread-safe.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Install()
    {
        lock (Gate)
        {
            if (_installed) return;
            _installed = true;

            // The event fires in the context that holds the calling assembly; TorchSharp is loaded beside us, which in a plug-in is not the default one.
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            if (AssemblyLoadContext.GetLoadContext(typeof(LibTorch).Assembly) is { } own && own != AssemblyLoadContext.Default)
                own.ResolvingUnmanagedDll += Resolve;
        }
    }

    // Covers programs without the compiled-in call (another language, a project reference): it runs when the first type of ours is touched.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Loading libtorch must be prepared before a model's field initialisers call TorchSharp.")]
    internal static void OnLoad() => Install();

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
        if (name != Wrapper || assembly.GetName().Name != "TorchSharp") return 0;
        lock (Gate)
        {
            if (_failure is null)
            {
                try
                {
                    return LoadCorrected();
                }
                catch (BackendException failure)
                {
                    _failure = failure;
                }
            }
        }

        // TorchSharp's own attempts swallow exceptions, copy half a gigabyte beside the application and then blame the wrong thing. A stand-in
        // ends them at once; the first native call comes back here by another way, where an exception does reach the user.
        return Environment.StackTrace.Contains($"{nameof(NativeLibrary)}.{nameof(NativeLibrary.TryLoad)}(", StringComparison.Ordinal)
            ? NativeLibrary.GetMainProgramHandle()
            : throw _failure;
    }

    private static nint LoadCorrected()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) throw LibTorchDiagnosis.Explain(null);
        var wrapper = LibTorchFiles.Find("libLibTorchSharp.so") ?? throw LibTorchDiagnosis.Explain(null);
        try
        {
            foreach (var dependency in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            {
                var path = LibTorchFiles.Find(dependency) ?? throw LibTorchDiagnosis.Explain(null);
                NativeLibrary.Load(path);
            }

            return CorrectedWrapper.Load(wrapper);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw LibTorchDiagnosis.Explain(exception);
        }
    }
}
