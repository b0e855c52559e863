using System.Text;

namespace LightningSharp.Checkpointing.Archives;

/// <summary>The records of a checkpoint in PyTorch's zip container: <c>root/data.pkl</c>, <c>root/version</c>, <c>root/data/N</c>.</summary>
internal sealed class TorchArchive
{
    private const int NewestVersion = 10;
    private readonly ByteSource _source;
    private readonly CheckpointReadOptions _options;
    private readonly Dictionary<string, ZipEntry> _records = new(StringComparer.Ordinal);

    public TorchArchive(ByteSource source, CheckpointReadOptions options)
    {
        (_source, _options) = (source, options);
        string? root = null;
        foreach (var entry in ZipDirectory.Read(source, options.MaxRecords))
        {
            var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
            if (slash <= 0) throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} is outside of the top folder that a checkpoint has.");
            root ??= entry.Name[..slash];
            if (!entry.Name.AsSpan(0, slash).SequenceEqual(root))
                throw CheckpointRefusedException.Corrupt($"There are two top folders, {Quoted.Text(root)} and {Quoted.Text(entry.Name[..slash])}; a checkpoint has one.");
            _records[entry.Name[(slash + 1)..]] = entry;
        }

        CheckKind();
    }

    /// <summary>The pickle that describes the contents, its checksum verified.</summary>
    public byte[] ReadPickle()
    {
        var entry = _records["data.pkl"];
        if (entry.Size > _options.MaxDescriptionBytes)
            throw CheckpointRefusedException.Limit($"data.pkl has {entry.Size:N0} bytes, the limit is {_options.MaxDescriptionBytes:N0} ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxDescriptionBytes)}).");
        return ReadSmall(entry);
    }

    /// <summary>The record of a storage, or null. Keys are looked up, never used as a path.</summary>
    public ZipEntry? FindStorage(string key) => _records.GetValueOrDefault($"data/{key}");

    /// <summary>Reads every record and compares its checksum; needs a MiB of memory.</summary>
    public void Verify()
    {
        var buffer = new byte[1 << 20];
        foreach (var entry in _records.Values)
        {
            var crc = 0u;
            for (var done = 0L; done < entry.Size; done += buffer.Length)
            {
                var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Size - done));
                _source.Read(entry.DataOffset + done, piece);
                crc = Crc32.Append(crc, piece);
            }

            if (crc != entry.Crc && _options.VerifyChecksums)
                throw CheckpointRefusedException.Corrupt($"The checksum of {Quoted.Text(entry.Name)} is wrong (0x{crc:x8}, expected 0x{entry.Crc:x8}): its bytes were changed after they were written.");
        }
    }

    private void CheckKind()
    {
        if (!_records.ContainsKey("data.pkl")) throw CheckpointRefusedException.Corrupt("It is a zip file, but no PyTorch checkpoint: there is no data.pkl in its top folder.");
        if (_records.ContainsKey("constants.pkl") || _records.Keys.Any(name => name.StartsWith("code/", StringComparison.Ordinal)))
            throw CheckpointRefusedException.Unsafe("It is a TorchScript program, not a checkpoint. Save the state_dict() of the module with torch.save instead.");
        if (!_records.TryGetValue("version", out var version)) throw CheckpointRefusedException.Corrupt("The record 'version' is missing.");
        var text = ReadText(version);
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) || number < 1)
            throw CheckpointRefusedException.Corrupt($"The record 'version' should be a number, but is {Quoted.Text(text)}.");
        if (number > NewestVersion) throw CheckpointRefusedException.Version($"The container has version {number}; this library reads versions 1 to {NewestVersion}.");
        if (_records.TryGetValue("byteorder", out var order) && ReadText(order) is var name and not "little")
            throw name == "big" ? CheckpointRefusedException.Version("The tensors are big-endian.") : CheckpointRefusedException.Corrupt($"The byte order is {Quoted.Text(name)}, expected 'little'.");
    }

    private string ReadText(ZipEntry entry) => entry.Size <= 64
        ? Encoding.Latin1.GetString(ReadSmall(entry)).TrimEnd('\n', '\r', ' ')
        : throw CheckpointRefusedException.Corrupt($"The record {Quoted.Text(entry.Name)} has {entry.Size:N0} bytes.");

    private byte[] ReadSmall(ZipEntry entry)
    {
        var bytes = new byte[entry.Size];
        _source.Read(entry.DataOffset, bytes);
        if (_options.VerifyChecksums && Crc32.Of(bytes) != entry.Crc)
            throw CheckpointRefusedException.Corrupt($"The checksum of the record {Quoted.Text(entry.Name)} is wrong: its bytes were changed.");
        return bytes;
    }
}
