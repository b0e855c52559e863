using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace LightningSharp.Native;

/// <summary>
/// libtorch's process-wide switches that TorchSharp leaves out. Each setter returns a scope that puts the former value back when disposed,
/// or null when this libtorch does not export the switch.
/// </summary>
internal static unsafe class BackendSwitches
{
    private static readonly nint Context = FindContext();

    private static readonly delegate* unmanaged<nint, byte, byte, void> SetDeterministicFunction = (delegate* unmanaged<nint, byte, byte, void>)LibTorchExports.Find(
        "_ZN2at7Context26setDeterministicAlgorithmsEbb", "?setDeterministicAlgorithms@Context@at@@QEAAX_N0@Z");

    private static readonly delegate* unmanaged<nint, byte> GetDeterministic = Getter(
        "_ZNK2at7Context23deterministicAlgorithmsEv", "?deterministicAlgorithms@Context@at@@QEBA_NXZ");

    private static readonly delegate* unmanaged<nint, byte> GetWarnOnly = Getter(
        "_ZNK2at7Context31deterministicAlgorithmsWarnOnlyEv", "?deterministicAlgorithmsWarnOnly@Context@at@@QEBA_NXZ");

    private static readonly delegate* unmanaged<nint, byte, void> SetBenchmark = Setter(
        "_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z");

    private static readonly delegate* unmanaged<nint, byte> GetBenchmark = Getter(
        "_ZNK2at7Context14benchmarkCuDNNEv", "?benchmarkCuDNN@Context@at@@QEBA_NXZ");

    private static readonly delegate* unmanaged<nint, byte, void> SetCudnnDeterministic = Setter(
        "_ZN2at7Context21setDeterministicCuDNNEb", "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z");

    private static readonly delegate* unmanaged<nint, byte> GetCudnnDeterministic = Getter(
        "_ZNK2at7Context18deterministicCuDNNEv", "?deterministicCuDNN@Context@at@@QEBA_NXZ");

    private static readonly delegate* unmanaged<byte, byte> SetFlush = (delegate* unmanaged<byte, byte>)LibTorchExports.Find(
        "_ZN2at7Context16setFlushDenormalEb", "?setFlushDenormal@Context@at@@SA_N_N@Z"); // static: no context pointer

    /// <summary>Whether only deterministic kernels run; null when unknown.</summary>
    public static bool? IsDeterministic => Context != 0 && GetDeterministic != null ? GetDeterministic(Context) != 0 : null;

    /// <summary>Whether a missing deterministic kernel only warns; null when unknown.</summary>
    public static bool? IsWarnOnly => Context != 0 && GetWarnOnly != null ? GetWarnOnly(Context) != 0 : null;

    /// <summary>Whether cuDNN tries its algorithms and keeps the fastest; null when unknown.</summary>
    public static bool? IsBenchmark => Context != 0 && GetBenchmark != null ? GetBenchmark(Context) != 0 : null;

    /// <summary>Whether denormal numbers count as zero on the calling thread.</summary>
    public static bool FlushesDenormals => HalfOf(float.Epsilon * 1024) == 0;

    /// <summary>Lets only kernels run whose results repeat; others throw, or warn. Also fixes cuDNN's choice and cuBLAS's work space.</summary>
    public static IDisposable? Deterministic(bool warnOnly)
    {
        if (Context == 0 || SetDeterministicFunction == null || GetDeterministic == null || GetWarnOnly == null) return null;
        var (mode, warn) = (GetDeterministic(Context), GetWarnOnly(Context));
        var cudnn = GetCudnnDeterministic == null ? (byte)0 : GetCudnnDeterministic(Context);
        SetWorkspace();
        SetDeterministicFunction(Context, 1, warnOnly ? (byte)1 : (byte)0);
        if (SetCudnnDeterministic != null) SetCudnnDeterministic(Context, 1);
        return new Undo(() =>
        {
            SetDeterministicFunction(Context, mode, warn);
            if (SetCudnnDeterministic != null) SetCudnnDeterministic(Context, cudnn);
        });
    }

    /// <summary>Lets cuDNN try its algorithms for each new shape and keep the fastest.</summary>
    public static IDisposable? CudnnBenchmark(bool on)
    {
        if (Context == 0 || SetBenchmark == null || GetBenchmark == null) return null;
        var former = GetBenchmark(Context);
        SetBenchmark(Context, on ? (byte)1 : (byte)0);
        return new Undo(() => SetBenchmark(Context, former));
    }

    /// <summary>Allows NVIDIA's tensor cores to round float32 factors to 10 bits of mantissa (TF32) in matrix products and convolutions.</summary>
    public static IDisposable AllowTf32(bool on)
    {
        LibTorch.EnsureLoaded();
        var (matmul, cudnn) = (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
        torch.backends.cuda.matmul.allow_tf32 = on;
        torch.backends.cudnn.allow_tf32 = on;
        return new Undo(() =>
        {
            torch.backends.cuda.matmul.allow_tf32 = matmul;
            torch.backends.cudnn.allow_tf32 = cudnn;
        });
    }

    /// <summary>Counts denormal numbers as zero on the calling thread, managed code included; null where the processor cannot.</summary>
    public static IDisposable? FlushDenormals(bool on)
    {
        if (SetFlush == null) return null;
        var former = FlushesDenormals;
        return SetFlush(on ? (byte)1 : (byte)0) == 0 ? null : new Undo(() => _ = SetFlush(former ? (byte)1 : (byte)0));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)] // the compiler would compute it beforehand
    private static float HalfOf(float value) => value * 0.5f;

    // cuBLAS reads it when its first handle is made. .NET keeps environment variables to itself on Unix, so ask the C library.
    private static void SetWorkspace()
    {
        const string name = "CUBLAS_WORKSPACE_CONFIG", value = ":4096:8";
        if (Environment.GetEnvironmentVariable(name) is not null) return;
        Environment.SetEnvironmentVariable(name, value);
        if (OperatingSystem.IsWindows() || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "setenv", out var address)) return;
        var set = (delegate* unmanaged<byte*, byte*, int, int>)address;
        fixed (byte* key = "CUBLAS_WORKSPACE_CONFIG"u8, text = ":4096:8"u8) _ = set(key, text, 0);
    }

    private static nint FindContext()
    {
        var context = (delegate* unmanaged<nint>)LibTorchExports.Find("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ");
        return context == null ? 0 : context();
    }

    private static delegate* unmanaged<nint, byte> Getter(string itanium, string microsoft)
        => (delegate* unmanaged<nint, byte>)LibTorchExports.Find(itanium, microsoft);

    private static delegate* unmanaged<nint, byte, void> Setter(string itanium, string microsoft)
        => (delegate* unmanaged<nint, byte, void>)LibTorchExports.Find(itanium, microsoft);

    private sealed class Undo(Action restore) : IDisposable
    {
        private Action? _restore = restore;

        public void Dispose() => Interlocked.Exchange(ref _restore, null)?.Invoke();
    }
}
