using LightningSharp.Native;

namespace LightningSharp.Checkpointing;

/// <summary>The calls to the file system that a durable write makes, one method each, so that tests can fail any of them.</summary>
internal class FileOperations
{
    private const int BufferBytes = 1 << 16; // gathers headers and small tensors; pieces of 1 MiB go past it without another copy

    /// <summary>Makes a folder and returns the folders that were missing, outermost first.</summary>
    public virtual IReadOnlyList<string> CreateFolder(string folder)
    {
        var missing = new List<string>();
        for (var parent = folder; parent is not null && !Directory.Exists(parent); parent = Path.GetDirectoryName(parent)) missing.Insert(0, parent);
        Directory.CreateDirectory(folder);
        return missing;
    }

    /// <summary>A new file that nobody else can open exclusively while we hold it: <see cref="DurableFile.RemoveLeftovers"/> tells live from dead by that.</summary>
    public virtual Stream Create(string path) => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);

    public virtual void FlushToDisk(Stream stream)
    {
        if (stream is FileStream file) file.Flush(flushToDisk: true);
        else stream.Flush();
    }

    public virtual void Rename(string from, string to) => FolderSync.Rename(from, to);

    public virtual void FlushFolder(string folder) => FolderSync.Flush(folder);

    public virtual void Delete(string path) => File.Delete(path);

    public virtual bool TryLink(string existing, string name) => FolderSync.TryLink(existing, name);
}
