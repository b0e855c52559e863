using System.Buffers.Binary;
using System.Text.Json;

namespace LightningSharp.Checkpointing;

/// <summary>
/// The header of a safetensors file, read by the strict rules of the format: at most 100 MB of valid UTF-8 JSON without duplicate keys, text-only metadata,
/// and tensors that fill the rest of the file without a hole or an overlap.
/// </summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataOffset)
{
    private const long LongestHeader = 100_000_000;
    private const int MaxDepth = 8;

    public static SafeTensorsHeader Read(ByteSource source, CheckpointReadOptions options)
    {
        Span<byte> prefix = stackalloc byte[8];
        source.Read(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(source.Length - 8)) throw CheckpointRefusedException.Corrupt($"The header claims {length:N0} bytes, but the file has {source.Length:N0}.");
        if (length > (ulong)Math.Min(LongestHeader, options.MaxDescriptionBytes)) throw CheckpointRefusedException.Limit($"The header has {length:N0} bytes; the limit is {Math.Min(LongestHeader, options.MaxDescriptionBytes):N0}.");
        var bytes = new byte[length];
        source.Read(8, bytes);
        var header = Parse(bytes, 8 + (long)length, options);
        CheckLayout(header.Entries, source.Length - header.DataOffset);
        return header;
    }

    private static SafeTensorsHeader Parse(byte[] bytes, long dataOffset, CheckpointReadOptions options)
    {
        try
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes)) throw CheckpointRefusedException.Corrupt("The header is not UTF-8.");
            var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            var entries = new List<SafeTensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(ref json, JsonTokenType.StartObject);
            while (Next(ref json) == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!; // not null: a property name
                if (name.Length > options.MaxKeyLength) throw CheckpointRefusedException.Limit($"A tensor name has {name.Length:N0} characters; the limit is {options.MaxKeyLength:N0} ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxKeyLength)}).");
                if (!names.Add(name)) throw CheckpointRefusedException.Corrupt($"The name {Quoted.Text(name)} is there twice.");
                if (name == "__metadata__") ReadMetadata(ref json, metadata);
                else if (entries.Count == options.MaxRecords) throw CheckpointRefusedException.Limit($"There are more than {options.MaxRecords:N0} tensors ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxRecords)}).");
                else entries.Add(ReadEntry(ref json, name));
            }

            if (json.Read()) throw CheckpointRefusedException.Corrupt("Something follows the header's closing brace.");
            return new SafeTensorsHeader(entries, metadata, dataOffset);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointRefusedException(Refusal.Corrupt, $"The header is not the JSON that safetensors files have: {exception.Message}", exception);
        }
    }

    private static SafeTensorsEntry ReadEntry(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case "dtype" when type is null:
                    Expect(ref json, JsonTokenType.String);
                    type = json.GetString();
                    break;
                case "shape" when shape is null: shape = Numbers(ref json, 64); break;
                case "data_offsets" when offsets is null: offsets = Numbers(ref json, 2); break;
                default: throw CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(name)} has an unknown or repeated property.");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end]) throw CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(name)} lacks its dtype, shape or data_offsets.");
        if (TensorType.OfSafeName(type) is not { } known)
        {
            throw TensorType.IsForeign(type)
                ? CheckpointRefusedException.Version($"The tensor {Quoted.Text(name)} has the type {type}, which TorchSharp does not have.")
                : CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(name)} has the unknown type {Quoted.Text(type)}.");
        }

        return Checked(new SafeTensorsEntry(name, known, [.. shape], begin, end));
    }

    private static SafeTensorsEntry Checked(SafeTensorsEntry entry)
    {
        try
        {
            var bytes = (long)entry.Type.Bytes;
            foreach (var size in entry.Shape) bytes = checked(bytes * size);
            if (entry.End < entry.Begin || entry.Bytes != bytes)
                throw CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(entry.Name)} of shape {Quoted.Shape(entry.Shape)} and type {entry.Type.Name} needs {bytes:N0} bytes, but has the range {entry.Begin:N0} to {entry.End:N0}.");
            return entry;
        }
        catch (OverflowException)
        {
            throw CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(entry.Name)} has an impossible shape {Quoted.Shape(entry.Shape)}.");
        }
    }

    private static void CheckLayout(IReadOnlyList<SafeTensorsEntry> entries, long dataBytes)
    {
        var expected = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != expected) throw CheckpointRefusedException.Corrupt($"The tensor {Quoted.Text(entry.Name)} starts at byte {entry.Begin:N0} of the data, expected {expected:N0}: tensors overlap, or bytes lie between them.");
            expected = entry.End;
        }

        if (expected != dataBytes) throw CheckpointRefusedException.Corrupt($"The header describes {expected:N0} bytes of tensors, but the file has {dataBytes:N0}. It is truncated, or something was appended.");
    }

    private static void ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!; // not null: a property name
            Expect(ref json, JsonTokenType.String);
            if (!metadata.TryAdd(key, json.GetString()!)) throw CheckpointRefusedException.Corrupt($"The metadata key {Quoted.Text(key)} is there twice."); // not null: a string token
        }
    }

    private static List<long> Numbers(ref Utf8JsonReader json, int most)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (Next(ref json) == JsonTokenType.Number)
        {
            if (numbers.Count == most || !json.TryGetInt64(out var value) || value < 0) throw CheckpointRefusedException.Corrupt($"A list in the header has more than {most} numbers, or something else than whole numbers from 0 up.");
            numbers.Add(value);
        }

        return json.TokenType == JsonTokenType.EndArray ? numbers : throw CheckpointRefusedException.Corrupt("A list in the header has something else than numbers.");
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw CheckpointRefusedException.Corrupt("The header ends too early.");

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (Next(ref json) != token) throw CheckpointRefusedException.Corrupt($"The header has {json.TokenType} where {token} belongs.");
    }
}
