using System.Runtime.InteropServices;

namespace LightningSharp.Diagnostics;

/// <summary>Ends the process at once, with an exit code that arrives.</summary>
internal static partial class ProcessExit
{
    /// <summary>
    /// No exit handlers and no C++ destructors: those of libtorch crash while another thread is inside a native call, and the exit code would be 139.
    /// Files are whole anyway, because each is written beside its place and renamed.
    /// </summary>
    public static void Now(int code)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (!System.Console.IsOutputRedirected) System.Console.Write("\e[?25h"); // a progress bar hides the cursor
            ExitAtOnce(code);
        }

        Environment.Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
