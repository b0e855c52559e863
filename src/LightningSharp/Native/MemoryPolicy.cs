using System.Globalization;
using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>
/// Lets the C library keep large blocks for the next step instead of giving them back to the system and taking them anew, zeroed and page by page.
/// At large batches that is most of a step's time on Linux. The price is memory: freed blocks stay with the process until the policy ends.
/// Only for glibc; anything else is left as it is. One policy at a time per process; at its end the thresholds return to where glibc's own settle.
/// </summary>
internal sealed unsafe class MemoryPolicy : IDisposable
{
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MmapMax = -4, ArenaMax = -8;

    // Where glibc's self-adjusting thresholds settle in a training process; once set by hand they no longer adjust themselves.
    private const int SettledMmap = 32 << 20, SettledTrim = 64 << 20, DefaultPad = 128 << 10, DefaultMmapMax = 65_536;
    private const long Plenty = 4L << 30;
    private static readonly Lock Gate = new();
    private static int _active;
    private bool _ended;

    private MemoryPolicy(bool isOn, string description) => (IsOn, Description) = (isOn, description);

    /// <summary>How many policies of this process are on now.</summary>
    public static int Active => Volatile.Read(ref _active);

    /// <summary>Whether anything was changed.</summary>
    public bool IsOn { get; }

    /// <summary>One line for people: what is on, or why it is off.</summary>
    public string Description { get; }

    /// <summary>Starts the policy. Call it before training threads allocate: an arena that exists already stays.</summary>
    /// <param name="needed">Bytes that must be free, else nothing is changed; default 4 GiB. About four times a step's peak is right.</param>
    public static MemoryPolicy Begin(long needed = Plenty)
    {
        if (!OperatingSystem.IsLinux()) return new(false, "memory: the system's own (thresholds are a matter of Linux's glibc)");
        if (Mallopt is 0 || Version is 0) return new(false, "memory: the C library's own (not glibc)");
        var free = FreeMemory.Read();
        if (free < needed)
            return new(false, string.Create(CultureInfo.InvariantCulture, $"memory: the C library's own ({free / 1e9:0.0} GB free, {needed / 1e9:0.0} GB needed to keep blocks)"));
        lock (Gate)
        {
            _active++;
            var set = (delegate* unmanaged<int, int, int>)Mallopt;

            // One arena first: others stop at 64 MB per heap, so a loop on a pool thread would go on faulting.
            var ok = set(ArenaMax, 1) != 0
                && (set(MmapThreshold, int.MaxValue) != 0 || set(MmapMax, 0) != 0) // old glibc takes no threshold above 32 MB
                && set(TrimThreshold, int.MaxValue) != 0 && set(TopPad, 64 << 20) != 0;
            if (ok) return new(true, string.Create(CultureInfo.InvariantCulture, $"memory: large blocks kept between steps ({free / 1e9:0.0} GB free)"));
            _active--;
            return new(false, "memory: the C library's own (it refused the thresholds)");
        }
    }

    /// <summary>Restores glibc's thresholds and gives unused memory back to the system.</summary>
    public void Dispose()
    {
        if (!IsOn) return;
        lock (Gate)
        {
            if (_ended) return;
            _ended = true;
            if (--_active > 0) return; // another Fit still uses it
            var set = (delegate* unmanaged<int, int, int>)Mallopt;

            // Number of arenas: stays, other threads may live in the one by now, and more of them bring nothing to a training process.
            _ = set(MmapMax, DefaultMmapMax);
            _ = set(MmapThreshold, SettledMmap);
            _ = set(TrimThreshold, SettledTrim);
            _ = set(TopPad, DefaultPad);
            if (Trim != 0) _ = ((delegate* unmanaged<nuint, int>)Trim)(0);
        }
    }

    private static readonly nint Library = NativeLibrary.TryLoad("libc.so.6", out var handle) ? handle : 0;
    private static readonly nint Mallopt = Find("mallopt");
    private static readonly nint Trim = Find("malloc_trim");

    // musl has no such function, and its mallopt, where it exists, does nothing.
    private static readonly nint Version = Find("gnu_get_libc_version");

    private static nint Find(string name)
        => OperatingSystem.IsLinux() && Library != 0 && NativeLibrary.TryGetExport(Library, name, out var address) ? address : 0;
}
