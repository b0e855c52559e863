using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LightningSharp.Native;

/// <summary>
/// A copy of TorchSharp's native wrapper whose need for GLIBCXX_3.4.32 is weak. That version marks one symbol that no code calls
/// (<c>std::ios_base_library_init</c>, GCC 13). The original file is never touched; copies are keyed by the original's content.
/// </summary>
internal static class CorrectedWrapper
{
    private const string Version = "GLIBCXX_3.4.32";
    private static readonly string[] MarkerSymbols = ["_ZSt21ios_base_library_initv"];

    /// <summary>Loads the corrected copy from the user's cache, or from a private temporary folder where no cache can be written or executed.</summary>
    public static nint Load(string original)
    {
        foreach (var folder in CacheFolders(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)))
        {
            try
            {
                return NativeLibrary.Load(GetOrCreate(original, folder));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                // Read-only home, a file in the folder's place, a full disk, a mount without execution: the temporary folder may still do.
            }
        }

        // A fresh folder that only this user can enter: a shared, predictable name in /tmp could be prepared by somebody else.
        var temporary = Directory.CreateTempSubdirectory("lightningsharp-");
        try
        {
            return NativeLibrary.Load(GetOrCreate(original, temporary.FullName));
        }
        finally
        {
            temporary.Delete(recursive: true); // the loader keeps the mapped file alive
        }
    }

    internal static IEnumerable<string> CacheFolders(Func<string, string?> environment, string home)
    {
        if (environment("LIGHTNINGSHARP_CACHE") is { Length: > 0 } own) yield return Path.Combine(own, "native");
        else if (environment("XDG_CACHE_HOME") is { Length: > 0 } cache) yield return Path.Combine(cache, "lightningsharp", "native");
        else if (home.Length > 0) yield return Path.Combine(home, ".cache", "lightningsharp", "native");
    }

    internal static string GetOrCreate(string original, string cacheFolder)
    {
        var bytes = File.ReadAllBytes(original);
        var key = Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
        if (!ElfVersionNeeds.MakeWeak(bytes, Version, MarkerSymbols)) return original;
        var folder = Path.Combine(cacheFolder, key);
        var target = Path.Combine(folder, Path.GetFileName(original));
        if (IsIntact(target, bytes)) return target;

        // Many processes may do this at once: each writes a file of its own, and the last rename wins with equal content.
        Directory.CreateDirectory(folder);
        var temporary = $"{target}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return target;
    }

    // A copy that a crash, a full disk or a curious user damaged must never be loaded, hence every byte is compared.
    private static bool IsIntact(string path, byte[] expected)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length == expected.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(expected);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
