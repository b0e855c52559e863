using System.Buffers.Binary;
using System.Text.Json;
using LightningSharp.Checkpointing.Pickling;
using LightningSharp.Checkpointing.Tensors;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>Writes <c>.safetensors</c> files: tensors by name and text metadata, no code by construction. <see cref="CheckpointFile.Read(string, CheckpointReadOptions?)"/> reads them.</summary>
public static class SafeTensorsFile
{
    /// <summary>
    /// Writes tensors, whole or not at all, as <see cref="CheckpointFile.Write{TValue}(string, IReadOnlyDictionary{string, TValue}, CheckpointWriteOptions?)"/> does. The format knows no
    /// shared memory and no strides: tied weights are written once for each name. The same tensors give the same bytes, whatever their order.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors by name, of any type but complex128.</param>
    /// <param name="metadata">Texts by name; null for none.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="CheckpointException">A tensor cannot be written, or the file cannot. An older file is untouched then.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, CheckpointWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = Layout(tensors);
        var header = Header(entries, metadata);
        DurableFile.Default.Write(path, stream => Write(stream, header, entries, tensors), (options ?? CheckpointWriteOptions.Default).FlushToDisk, options is { Verify: true } ? written => CheckpointFile.Verify(written) : null);
    }

    internal static LoadedCheckpoint Read(ByteSource source, TensorLoader loader, CheckpointReadOptions options)
    {
        var header = SafeTensorsHeader.Read(source, options);
        var root = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            if (options.Keys?.Contains(entry.Name) == false) continue;
            var elements = entry.Bytes / entry.Type.Bytes;
            var flat = loader.Flat(entry.Type, elements, header.DataOffset + entry.Begin, null, entry.Name);
            root.Add(entry.Name, loader.View(flat, entry.Shape, Contiguous(entry.Shape), 0));
        }

        return new LoadedCheckpoint(source.Name, CheckpointFormat.SafeTensors, root, loader.Release(), header.Metadata);
    }

    // Wide elements first, so that every tensor is aligned; then by name.
    private static List<SafeTensorsEntry> Layout(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var entries = new List<SafeTensorsEntry>(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            if (tensor.IsInvalid) throw new CheckpointException($"The tensor {Quoted.Text(name)} was disposed before the save.");
            if (name == "__metadata__") throw new CheckpointException("A tensor cannot be called '__metadata__' in a safetensors file; rename it.");
            if (TensorType.Of(tensor.dtype) is not { SafeName.Length: > 0 } type) throw new CheckpointException($"The tensor {Quoted.Text(name)} has the type {tensor.dtype}, which safetensors files do not have.");
            entries.Add(new SafeTensorsEntry(name, type, tensor.shape, 0, tensor.numel() * type.Bytes));
        }

        entries.Sort((a, b) => a.Type.Bytes != b.Type.Bytes ? b.Type.Bytes.CompareTo(a.Type.Bytes) : string.CompareOrdinal(a.Name, b.Name));
        var position = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i] = entries[i] with { Begin = position, End = position + entries[i].Bytes };
            position = entries[i].End;
        }

        return entries;
    }

    private static byte[] Header(List<SafeTensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }

            foreach (var entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.SafeName);
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", [entry.Begin, entry.End]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (memory.Length % 8 != 0) memory.WriteByte((byte)' ');
        return memory.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Write(Stream stream, byte[] header, List<SafeTensorsEntry> entries, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var entry in entries) WriteTensor(stream, entry, tensors[entry.Name]);
    }

    private static void WriteTensor(Stream stream, SafeTensorsEntry entry, Tensor tensor)
    {
        if (entry.Bytes == 0) return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var collector = new StorageCollector();
        var flat = tensor.resolve_conj().resolve_neg().contiguous();
        collector.Add(flat, entry.Name);
        collector.Finish()[0].Read(piece => stream.Write(piece.Span));
    }

    private static long[] Contiguous(long[] shape)
    {
        var stride = new long[shape.Length];
        var step = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            stride[i] = step;
            step *= Math.Max(shape[i], 1);
        }

        return stride;
    }
}
