using System.Globalization;

namespace LightningSharp.Data.Resolving;

/// <summary>A note beside a file that was verified once: length, time of change and hash. While they agree, the file need not be hashed again.</summary>
internal static class FileStamp
{
    public static bool Matches(string path, DataFile file)
    {
        string stamp = path + ".verified";
        try
        {
            return File.Exists(stamp) && File.ReadAllText(stamp) == Text(path, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;   // then the file is hashed, which is always right
        }
    }

    public static void Write(string path, DataFile file) => File.WriteAllText(path + ".verified", Text(path, file));

    private static string Text(string path, DataFile file)
    {
        var info = new FileInfo(path);
        return string.Create(CultureInfo.InvariantCulture, $"{info.Length} {info.LastWriteTimeUtc.Ticks} {file.Sha256}\n");
    }
}
