namespace LightningSharp.Data.Resolving;

/// <summary>The folder that downloads are written to: complete and verified or not at all, and safe with several processes at once.</summary>
internal sealed class DataStore(string folder, TimeSpan? lockTimeout = null)
{
    private const int PollMilliseconds = 200;
    private readonly TimeSpan _lockTimeout = lockTimeout ?? TimeSpan.FromMinutes(10);

    public string Folder { get; } = folder;

    /// <summary>Where an unfinished download of the file is kept, so that it can be continued.</summary>
    public string PartPath(DataFile file) => Path.Combine(Folder, file.Name + ".part");

    /// <summary>Keeps others, in this process or another, from downloading the same file until the result is disposed.</summary>
    /// <exception cref="IOException">The folder cannot be written, or the file is still locked after ten minutes.</exception>
    public FileStream Lock(DataFile file)
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, file.Name + ".lock");
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(PollMilliseconds))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException failure) when (IsHeld(failure))
            {
                if (waited >= _lockTimeout)
                    throw new IOException($"another process holds {path} for more than {_lockTimeout.TotalMinutes:0.#} minutes", failure);
                Thread.Sleep(PollMilliseconds);
            }
        }
    }

    /// <summary>The file if another process has finished it meanwhile.</summary>
    public byte[]? TryRead(DataFile file) => new FolderSource("", Folder, [""]).TryRead(file, out _);

    /// <summary>Writes verified content under its final name in one step.</summary>
    public void Write(DataFile file, byte[] payload)
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, file.Name), temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(payload);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        FileStamp.Write(path, file);
    }

    // Only this error goes away by waiting; a full disk, a read-only one or a name too long does not. Linux EWOULDBLOCK, BSD and macOS EWOULDBLOCK, Windows sharing and lock violation.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
