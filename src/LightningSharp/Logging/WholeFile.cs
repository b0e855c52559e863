using System.Text;

namespace LightningSharp.Logging;

/// <summary>Small files that a reader sees whole or not at all: written beside their place, then renamed. A failure leaves the old file as it was and nothing beside it.</summary>
internal static class WholeFile
{
    internal static void WriteText(string path, string text)
    {
        var bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text);
        Write(path, stream => stream.Write(bytes));
    }

    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="toDisk">Wait for the disk before the old file is replaced: for what a power cut may not take.</param>
    internal static void Write(string path, Action<Stream> write, bool toDisk = false)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = File.Create(temporary))
            {
                write(file);
                if (toDisk) file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the first error is the one to show
        }
    }
}
