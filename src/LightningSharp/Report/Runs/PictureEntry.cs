namespace LightningSharp.Report.Runs;

/// <summary>One logged picture: its bytes, or the file that holds them.</summary>
internal sealed record PictureEntry(string Name, long Step, byte[]? Data, string? File)
{
    private const long LargestFile = 32 * 1024 * 1024;

    /// <summary>The bytes, null when the file is gone or unreasonably large.</summary>
    internal byte[]? Bytes
    {
        get
        {
            if (Data is not null || File is null)
            {
                return Data;
            }

            var info = new FileInfo(File);
            return info is { Exists: true, LinkTarget: null, Length: < LargestFile } ? System.IO.File.ReadAllBytes(File) : null;
        }
    }
}
