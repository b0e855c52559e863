namespace LightningSharp.Data.Resolving;

/// <summary>The folder that downloads are written to: complete and verified or not at all, and safe with several processes at once.</summary>
internal sealed class DataStore(string folder)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(10);

    public string Folder { get; } = folder;

    /// <summary>Where an unfinished download of the file is kept, so that it can be continued.</summary>
    public string PartPath(DataFile file) => Path.Combine(Folder, file.Name + ".part");

    /// <summary>Keeps others from downloading the same file until the result is disposed.</summary>
    public FileStream Lock(DataFile file)
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, file.Name + ".lock");
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(200))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (waited < LockTimeout)
            {
                Thread.Sleep(200);
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
}
