namespace LightningSharp.Checkpointing;

/// <summary>Tells the format from the first bytes, and what a file that is no checkpoint looks like instead.</summary>
internal static class FileSniffer
{
    public static CheckpointFormat Find(ByteSource source)
    {
        if (source.Length == 0) throw CheckpointRefusedException.Corrupt("It is empty. A save that was cut off, or a full disk, leaves such files.");
        Span<byte> head = stackalloc byte[512];
        head = head[..(int)Math.Min(head.Length, source.Length)];
        source.Read(0, head);
        if (head.StartsWith("PK\x03\x04"u8)) return CheckpointFormat.PyTorch;
        if (head.Length > 8 && head[8] == (byte)'{') return CheckpointFormat.SafeTensors;
        if (head.Length > 1 && head[0] == 0x80 && head[1] is >= 1 and <= 5)
            throw CheckpointRefusedException.Unsafe("It is a bare pickle: torch.save wrote such files before version 1.6. They are not read. Load it with a current PyTorch and save it again with torch.save.");
        throw CheckpointRefusedException.Corrupt(Explain(head));
    }

    private static string Explain(ReadOnlySpan<byte> head)
    {
        if (head.IndexOfAnyExcept((byte)0) < 0) return "It begins with zeros only. A power cut before the data reached the disk leaves such files.";
        if (head.StartsWith("version https://git-lfs"u8)) return "It is a Git LFS pointer, not the file itself. Run 'git lfs pull'.";
        if (head.TrimStart(" \t\r\n"u8).StartsWith("<"u8)) return "It is an HTML or XML page: the download gave an error page instead of the file.";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])) return "It is gzip-compressed. Unpack it first.";
        if (head.Length > 262 && head.Slice(257, 5).SequenceEqual("ustar"u8)) return "It is a tar archive, as the oldest versions of PyTorch wrote. Load it there and save it again.";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F'])) return "It is an HDF5 file (Keras), not a PyTorch checkpoint.";
        return "It is neither a PyTorch checkpoint (a zip file) nor a safetensors file.";
    }
}
