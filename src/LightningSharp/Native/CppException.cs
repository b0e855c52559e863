using System.Runtime.InteropServices;
using System.Text;

namespace LightningSharp.Native;

/// <summary>
/// Reads the text of the C++ exception that is being handled on this thread. Layout: Itanium C++ ABI, as libstdc++ has it on 64-bit systems.
/// On libc++ (macOS) the text is left out, because its header differs.
/// </summary>
internal static unsafe class CppException
{
    private const int HeaderSize = 112, UnwindHeaderOffset = 80, DoCatchSlot = 4, WhatSlot = 2;
    private const byte DependentMark = 1;
    private static readonly nint Runtime = Load();
    private static readonly delegate* unmanaged<nint*> Globals = (delegate* unmanaged<nint*>)Symbol("__cxa_get_globals");
    private static readonly delegate* unmanaged<nint> CurrentType = (delegate* unmanaged<nint>)Symbol("__cxa_current_exception_type");
    private static readonly nint StandardException = Symbol("_ZTISt9exception");

    /// <summary>Resolves everything now: inside a terminate handler nothing should be loaded for the first time.</summary>
    public static void Prepare() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(CppException).TypeHandle);

    /// <summary>The handler that <c>std::terminate</c> calls from now on; the result is the one before, 0 when this system has none to replace.</summary>
    public static nint SetTerminateHandler(delegate* unmanaged<void> handler)
    {
        var set = (delegate* unmanaged<delegate* unmanaged<void>, nint>)Symbol("_ZSt13set_terminatePFvvE");
        return set is null ? 0 : set(handler);
    }

    public static string CurrentText()
    {
        var type = CurrentType is null ? 0 : CurrentType();
        if (type == 0) return "std::terminate was called without an exception";
        var name = Text(((nint*)type)[1]);
        if (Globals is null || StandardException == 0) return $"a C++ exception of type {name}";

        var header = *Globals();
        var isDependent = *(byte*)(header + UnwindHeaderOffset) == DependentMark; // made by std::rethrow_exception: the object lies elsewhere
        var thrown = isDependent ? *(nint*)header : header + HeaderSize;
        var doCatch = (delegate* unmanaged<nint, nint, nint*, uint, byte>)(*(nint**)StandardException)[DoCatchSlot];
        if (doCatch(StandardException, type, &thrown, 1) == 0) return $"a C++ exception of type {name}";
        var what = (delegate* unmanaged<nint, nint>)(*(nint**)thrown)[WhatSlot];
        return Text(what(thrown));
    }

    private static string Text(nint pointer) => pointer == 0 ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)pointer));

    private static nint Symbol(string name) => Runtime != 0 && NativeLibrary.TryGetExport(Runtime, name, out var address) ? address : 0;

    private static nint Load()
    {
        string[] names = OperatingSystem.IsLinux() ? ["libstdc++.so.6"] : OperatingSystem.IsMacOS() ? ["libc++abi.dylib", "libc++.1.dylib"] : [];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        }

        return 0;
    }
}
