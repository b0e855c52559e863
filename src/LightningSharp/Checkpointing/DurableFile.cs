using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LightningSharp.Checkpointing;

/// <summary>
/// Writes files that are there whole or not at all: a temporary file in the same folder, flushed to disk, renamed over the old one, folder flushed.
/// A kill or a power cut at any moment leaves the old file or the new one.
/// </summary>
/// <param name="files">The file system.</param>
internal sealed partial class DurableFile(FileOperations files)
{
    public static readonly DurableFile Default = new(new FileOperations());

    private static readonly TimeSpan OldEnough = TimeSpan.FromMinutes(10);
    private static readonly ConcurrentDictionary<string, bool> Ours = new(StringComparer.Ordinal);
    private static int _counter;

    /// <summary>Writes a file through a stream. Returns when the new file is in place and, with <paramref name="flushToDisk"/>, durable.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="flushToDisk">Wait for the disk.</param>
    /// <param name="verify">Reads the new file, before it takes its name, and throws when it is not as it should be.</param>
    /// <exception cref="CheckpointException">It could not be written. The file that was there before is untouched, unless the message says otherwise.</exception>
    public void Write(string path, Action<Stream> write, bool flushToDisk = true, Action<string>? verify = null) => Replace(path, flushToDisk, temporary =>
    {
        using (var stream = files.Create(temporary))
        {
            write(stream);
            if (flushToDisk) files.FlushToDisk(stream);
        }

        try
        {
            verify?.Invoke(temporary);
        }
        catch (CheckpointException exception)
        {
            throw new CheckpointException(
                $"The checkpoint '{path}' was written, but what was read back is not what was written: the disk, its cable or the memory may be failing. An older file of that name is untouched. ({exception.Message})", exception);
        }
    });

    /// <summary>
    /// Makes <paramref name="path"/> a second name of an existing file by the same steps: a hard link, or a copy where the file system has none.
    /// As files are only ever replaced, never changed, the two stay independent.
    /// </summary>
    public void Link(string existing, string path, bool flushToDisk = true) => Replace(path, flushToDisk, temporary =>
    {
        if (files.TryLink(existing, temporary)) return;
        using var source = new FileStream(existing, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var stream = files.Create(temporary);
        source.CopyTo(stream, 1 << 20);
        if (flushToDisk) files.FlushToDisk(stream);
    });

    /// <summary>Removes temporary files that killed processes left in a folder. Files of live processes, and all others, stay.</summary>
    /// <returns>How many were removed.</returns>
    public int RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder)) return 0;
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.tmp-*"))
        {
            try
            {
                if (!IsLeftover(path)) continue;
                files.Delete(path);
                removed++;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or just gone: a leftover costs space, nothing more.
            }
        }

        return removed;
    }

    private void Replace(string path, bool flushToDisk, Action<string> make)
    {
        var full = Path.GetFullPath(path);
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{full}.tmp-{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}");
        Ours[temporary] = true;
        var renamed = false;
        try
        {
            if (Directory.Exists(full)) throw new IOException("There is a folder of that name.");
            var folder = Path.GetDirectoryName(full) ?? throw new IOException("It is no path of a file.");
            var missing = files.CreateFolder(folder);
            make(temporary);
            files.Rename(temporary, full);
            renamed = true;
            if (!flushToDisk) return;
            files.FlushFolder(folder);
            foreach (var made in missing) files.FlushFolder(Path.GetDirectoryName(made) ?? made);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException) // the last: a file above the limit (ulimit -f)
        {
            throw Explain(full, renamed, exception);
        }
        finally
        {
            if (!renamed) DeleteQuietly(temporary);
            Ours.TryRemove(temporary, out _);
        }
    }

    private static CheckpointException Explain(string path, bool renamed, Exception exception)
    {
        if (renamed) return new CheckpointException($"'{path}' was written, but its folder could not be flushed to disk: a power cut may take the new file. {exception.Message}", exception);
        var why = exception switch
        {
            _ when IsDiskFull(exception) => "The disk is full. Free some space, keep fewer checkpoints, or save to another disk.",
            UnauthorizedAccessException => "There is no permission to write there.",
            DirectoryNotFoundException or FileNotFoundException => "The folder vanished while the file was written.",
            PathTooLongException => "The path is too long.",
            _ => "",
        };
        return new CheckpointException($"The checkpoint '{path}' could not be written. {why}{(why.Length > 0 ? " " : "")}An older file of that name is untouched. ({exception.Message})", exception);
    }

    // 28: ENOSPC, 122 and 69: EDQUOT on Linux and macOS, 27: EFBIG; the low word of the Windows codes is 112 (disk full) and 39.
    private static bool IsDiskFull(Exception exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 112 or 39 : exception is IOException && exception.HResult is 28 or 122 or 69 or 27;

    private void DeleteQuietly(string temporary)
    {
        try
        {
            files.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is the one to report; the leftover goes at the next start.
        }
    }

    private static bool IsLeftover(string path)
    {
        if (TemporaryName().Match(path) is not { Success: true } match || Ours.ContainsKey(Path.GetFullPath(path))) return false;
        if (!int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;

        // Process numbers are used again (in containers at once), and other machines may share the folder, so a lock and the age decide where the number does not.
        if (id != Environment.ProcessId && IsAlive(id) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < OldEnough) return false;
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None); // throws while its writer lives
        return true;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\.tmp-(\d{1,10})-\d{1,10}$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
