using Microsoft.Win32.SafeHandles;

namespace LightningSharp.Checkpointing;

/// <summary>A file or stream of known length that is read at any position. Every read is whole or an error; no byte is trusted twice.</summary>
internal sealed class ByteSource : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly Stream? _stream;
    private readonly long _start;

    private ByteSource(SafeFileHandle file, string name) => (_file, Length, Name) = (file, RandomAccess.GetLength(file), name);

    private ByteSource(Stream stream, string name) => (_stream, _start, Length, Name) = (stream, stream.Position, stream.Length - stream.Position, name);

    /// <summary>How messages call it.</summary>
    public string Name { get; }

    public long Length { get; }

    public static ByteSource Open(string path)
    {
        if (path.Contains("://", StringComparison.Ordinal)) throw new CheckpointException($"'{path}' is an address: checkpoints are read from files only. Download it, check where it is from, and give the path of the file.");
        var full = Path.GetFullPath(path);
        try
        {
            if (Directory.Exists(full)) throw new CheckpointException($"'{full}' is a folder. Give the path of a checkpoint file.");
            var info = new FileInfo(full);
            if (!info.Exists) throw new CheckpointException($"There is no checkpoint file '{full}'.{Neighbours(full)}");

            // Pipes and devices report length 0 and may block for ever when opened: they never are.
            if (info.Length == 0) throw CheckpointRefusedException.Corrupt("It is empty (or not a regular file). A save that was cut off, or a full disk, leaves such files.").In(full);
            return new ByteSource(File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.None), full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CheckpointException($"The checkpoint '{full}' cannot be opened: {exception.Message}", exception);
        }
    }

    public static ByteSource Over(Stream stream, long longest)
    {
        if (stream.CanSeek) return new ByteSource(stream, "the stream");
        var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (memory.Length + read > longest)
                throw CheckpointRefusedException.Limit($"A stream that cannot seek is read into memory, and this one has more than {longest:N0} bytes. Save it to a file first.").In("the stream");
            memory.Write(buffer, 0, read);
        }

        memory.Position = 0;
        return new ByteSource(memory, "the stream");
    }

    public void Read(long offset, Span<byte> target)
    {
        if (offset < 0 || offset > Length - target.Length)
            throw CheckpointRefusedException.Corrupt($"Bytes {offset:N0} to {offset + target.Length:N0} are needed, but there are {Length:N0}. The file is truncated or damaged.");
        var done = 0;
        while (done < target.Length)
        {
            var read = ReadSome(offset + done, target[done..]);
            if (read == 0) throw CheckpointRefusedException.Corrupt("The file became shorter while it was read.");
            done += read;
        }
    }

    public void Dispose() => _file?.Dispose();

    private int ReadSome(long offset, Span<byte> target)
    {
        if (_file is not null) return RandomAccess.Read(_file, target, offset);
        _stream!.Position = _start + offset; // not null: one of the two is always there
        return _stream.Read(target);
    }

    private static string Neighbours(string full)
    {
        var folder = Path.GetDirectoryName(full);
        if (folder is null || !Directory.Exists(folder)) return " The folder does not exist either.";
        var files = Directory.EnumerateFiles(folder, "*.*").Where(file => Path.GetExtension(file) is ".ckpt" or ".pt" or ".pth" or ".safetensors").Select(Path.GetFileName).Take(5).ToArray();
        return files.Length == 0 ? " The folder has no checkpoint." : $" The folder has: {string.Join(", ", files)}.";
    }
}
