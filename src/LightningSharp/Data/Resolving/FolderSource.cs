using LightningSharp.Data.Formats;

namespace LightningSharp.Data.Resolving;

/// <summary>A folder on this machine; it is only read.</summary>
internal sealed class FolderSource(string label, string root, IReadOnlyList<string> subfolders) : DataSource(label)
{
    public override bool Has(DataFile file) => Candidates(file).Any();

    public override byte[]? TryRead(DataFile file, out string reason)
    {
        reason = Directory.Exists(root) ? $"no {file.Name}[.gz] in {root}" : $"{root} does not exist";
        foreach (string path in Candidates(file))
        {
            try
            {
                byte[]? payload = FileStamp.Matches(path, file)
                    ? GzipPayload.Read(path, file.Bytes)
                    : Payload.Verify(ReadBounded(path, file), path, file, out reason);
                if (payload is not null)
                    return payload;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DataException)
            {
                reason = failure.Message;
            }
        }

        return null;
    }

    private IEnumerable<string> Candidates(DataFile file) =>
        from folder in subfolders
        from name in (string[])[file.Name, file.Name + ".gz", file.Name.Replace("-idx", ".idx", StringComparison.Ordinal)]
        let path = Path.Combine(root, folder, name)
        where File.Exists(path)
        select path;

    private static byte[] ReadBounded(string path, DataFile file)
    {
        long length = new FileInfo(path).Length;
        if (length > file.Bytes + 4096L)
            throw new DataException($"{path}: expected at most {file.Bytes:N0} bytes, received {length:N0}");
        return File.ReadAllBytes(path);
    }
}
