using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace LightningSharp.Native;

/// <summary>
/// Functions that libtorch exports but TorchSharp does not wrap. Each is looked up by name in the copy that TorchSharp itself has loaded;
/// a name that is missing means that the feature built on it falls back.
/// </summary>
internal static class LibTorchExports
{
    // Names that are treated as missing: a way out when an export of another libtorch misbehaves, and how the fall-backs are tested.
    private static readonly string[] Hidden = (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_WITHOUT_EXPORTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    private static readonly nint Core = Open("torch_cpu");
    private static readonly nint C10 = Open("c10");

    /// <summary>Looks up a C function.</summary>
    public static nint Find(string name)
        => Core != 0 && !IsHidden(name) && NativeLibrary.TryGetExport(Core, name, out var address) ? address : 0;

    /// <summary>Looks up a C++ function by the name that Linux and macOS compilers give it, or by Microsoft's.</summary>
    public static nint Find(string itanium, string microsoft) => Find(OperatingSystem.IsWindows() ? microsoft : itanium);

    /// <summary>The same in libc10.</summary>
    public static nint FindInC10(string itanium, string microsoft)
        => C10 != 0 && !IsHidden(itanium) && NativeLibrary.TryGetExport(C10, OperatingSystem.IsWindows() ? microsoft : itanium, out var address) ? address : 0;

    private static bool IsHidden(string name)
    {
        foreach (var part in Hidden)
        {
            if (part == "all" || name.Contains(part, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static nint Open(string name)
    {
        LibTorch.EnsureLoaded();
        var file = OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

        // By the path of the mapped file: the loader then returns the existing copy, never a second one with state of its own.
        if (MappedPath(file) is { } path && NativeLibrary.TryLoad(path, out var handle)) return handle;
        return NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out handle) ? handle : 0;
    }

    private static string? MappedPath(string file)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            using (module)
            {
                if (Path.GetFileName(module.FileName) == file) return module.FileName;
            }
        }

        return null;
    }
}
