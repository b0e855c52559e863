using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Native;

/// <summary>
/// libtorch's autocast, which TorchSharp does not offer: inside the scope matrix products and convolutions run in a short type, reductions and losses in float32.
/// State is per thread. Needs nothing but functions with plain arguments; names are those of linux-x64, osx-arm64 and win-x64 binaries of 2.10.
/// </summary>
internal static unsafe class Autocast
{
    private static readonly delegate* unmanaged<sbyte, byte, void> SetEnabled = (delegate* unmanaged<sbyte, byte, void>)LibTorchExports.Find(
        "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb", "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z");

    private static readonly delegate* unmanaged<sbyte, byte> GetEnabled = (delegate* unmanaged<sbyte, byte>)LibTorchExports.Find(
        "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE", "?is_autocast_enabled@autocast@at@@YA_NW4DeviceType@c10@@@Z");

    private static readonly delegate* unmanaged<sbyte, sbyte, void> SetType = (delegate* unmanaged<sbyte, sbyte, void>)LibTorchExports.Find(
        "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
        "?set_autocast_dtype@autocast@at@@YAXW4DeviceType@c10@@W4ScalarType@4@@Z");

    private static readonly delegate* unmanaged<sbyte, sbyte> GetDtype = (delegate* unmanaged<sbyte, sbyte>)LibTorchExports.Find(
        "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE", "?get_autocast_dtype@autocast@at@@YA?AW4ScalarType@c10@@W4DeviceType@4@@Z");

    private static readonly delegate* unmanaged<int> IncrementNesting = (delegate* unmanaged<int>)LibTorchExports.Find(
        "_ZN2at8autocast17increment_nestingEv", "?increment_nesting@autocast@at@@YAHXZ");

    private static readonly delegate* unmanaged<int> DecrementNesting = (delegate* unmanaged<int>)LibTorchExports.Find(
        "_ZN2at8autocast17decrement_nestingEv", "?decrement_nesting@autocast@at@@YAHXZ");

    private static readonly delegate* unmanaged<void> ClearCache = (delegate* unmanaged<void>)LibTorchExports.Find(
        "_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ");

    [ThreadStatic]
    private static int _depth;

    /// <summary>Whether this libtorch exports every function.</summary>
    public static bool IsAvailable { get; } = SetEnabled != null && GetEnabled != null && SetType != null && GetDtype != null
        && IncrementNesting != null && DecrementNesting != null && ClearCache != null;

    /// <summary>Whether the calling thread is inside a scope for this device.</summary>
    public static bool IsEnabled(DeviceType device) => IsAvailable && GetEnabled((sbyte)device) != 0;

    /// <summary>Switches autocast on for the calling thread until the scope is disposed, on the same thread. Scopes nest.</summary>
    /// <param name="device">The device whose operators are cast.</param>
    /// <param name="dtype">bfloat16 or float16.</param>
    /// <exception cref="BackendException">This libtorch does not export autocast.</exception>
    public static IDisposable Begin(DeviceType device, ScalarType dtype) => Switch(device, dtype, on: true);

    /// <summary>Switches autocast off until the scope is disposed, for operations inside a scope that need float32.</summary>
    public static IDisposable Suspend(DeviceType device)
        => Switch(device, IsAvailable ? (ScalarType)GetDtype((sbyte)device) : ScalarType.BFloat16, on: false);

    private static Scope Switch(DeviceType device, ScalarType dtype, bool on)
    {
        if (!IsAvailable)
        {
            throw new BackendException(
                "Mixed precision needs libtorch's autocast functions, and this libtorch does not export them.\n"
                + "  expected   libtorch 2.10, as referenced by TorchSharp 0.107\n"
                + "  fix        use that version, or Precision.Float32");
        }

        var scope = new Scope((sbyte)device, GetEnabled((sbyte)device), GetDtype((sbyte)device), Environment.CurrentManagedThreadId);
        SetEnabled((sbyte)device, on ? (byte)1 : (byte)0);
        SetType((sbyte)device, (sbyte)dtype);
        _ = IncrementNesting();
        _depth++;
        return scope;
    }

    /// <summary>
    /// The weights have changed: short copies of them that were made inside the calling thread's scope are made anew at the next use. Otherwise a second forward pass
    /// after an optimizer step in one scope would compute with the old weights. Nothing outside of a scope.
    /// </summary>
    public static void ForgetWeights()
    {
        if (_depth > 0) ClearCache();
    }

    private sealed class Scope(sbyte device, byte enabled, sbyte dtype, int thread) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            if (_ended) return;
            if (Environment.CurrentManagedThreadId != thread)
                throw new InvalidOperationException($"An autocast scope of thread {thread} was ended on thread {Environment.CurrentManagedThreadId}: the state is per thread. Keep a step on one thread.");
            _ended = true;

            // The cache holds short copies of weights: they are stale after the next optimizer step.
            _depth--;
            if (DecrementNesting() == 0) ClearCache();
            SetEnabled(device, enabled);
            SetType(device, dtype);
        }
    }
}
