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

    public static string GetOrCreate(string original) => GetOrCreate(original, CacheFolder());

    internal static string GetOrCreate(string original, string cacheFolder)
    {
        var bytes = File.ReadAllBytes(original);
        var key = Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
        var target = Path.Combine(cacheFolder, key, Path.GetFileName(original));
        if (!ElfVersionNeeds.MakeWeak(bytes, Version, MarkerSymbols)) return original;
        if (File.Exists(target) && new FileInfo(target).Length == bytes.Length && File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes)) return target;

        // Many processes may do this at once: each writes a file of its own, and the last rename wins with equal content.
        Directory.CreateDirectory(Path.GetDirectoryName(target)!); // not null: the path was combined above
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

    private static string CacheFolder()
    {
        var root = Environment.GetEnvironmentVariable("LIGHTNINGSHARP_CACHE");
        if (string.IsNullOrEmpty(root))
        {
            var local = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            root = Path.Combine(local, "lightningsharp");
        }

        var folder = Path.Combine(root, "native");
        try
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Path.Combine(Path.GetTempPath(), $"lightningsharp-{Environment.UserName}", "native");
        }
    }
}
