using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>What .NET lacks for durable renames: flushing a folder, renaming with write-through on Windows, hard links.</summary>
internal static partial class FolderSync
{
    private const int InvalidArgument = 22;
    private const int MoveReplace = 1;
    private const int MoveWriteThrough = 8;

    /// <summary>Makes the names in a folder durable. File systems that cannot do it (EINVAL) are taken to need none.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // Rename writes through there
        var file = Open(folder, OperatingSystem.IsLinux() ? 0x80000 : 0x1000000); // O_RDONLY | O_CLOEXEC
        if (file < 0) throw Error("open", folder);
        try
        {
            if (Sync(file) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Error("flush", folder);
        }
        finally
        {
            _ = Close(file);
        }
    }

    /// <summary>Renames within a folder, over an existing file.</summary>
    public static void Rename(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Move(from, to, overwrite: true);
            return;
        }

        if (!MoveFile(from, to, MoveReplace | MoveWriteThrough)) throw Error("rename", to);
    }

    /// <summary>Gives a file a second name; false where the file system has no hard links.</summary>
    public static bool TryLink(string existing, string name) =>
        OperatingSystem.IsWindows() ? CreateHardLink(name, existing, 0) : Link(existing, name) == 0;

    private static IOException Error(string what, string path) => new($"Cannot {what} '{path}': {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFile(string from, string to, int flags);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint security);
}
