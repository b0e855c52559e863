using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>
/// Tells whether a thread allocates from glibc's main arena. Others hold heaps of at most 64 MB, so that large tensors are mapped, zeroed and given back in every
/// step, whatever the thresholds say; and a thread cannot choose.
/// </summary>
internal static unsafe class MainArena
{
    private const nuint NotMainArena = 4; // a flag in the size word before each block (glibc, malloc.c)

    /// <summary>True when it does, or when nothing can be told.</summary>
    public static bool IsMine()
    {
        if (!OperatingSystem.IsLinux() || MemoryPolicy.Active == 0) return true;
        var block = (nuint*)NativeMemory.Alloc(64);
        var isMain = (block[-1] & NotMainArena) == 0;
        NativeMemory.Free(block);
        return isMain;
    }
}
