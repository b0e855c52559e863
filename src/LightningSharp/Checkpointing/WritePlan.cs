using LightningSharp.Checkpointing.Archives;
using LightningSharp.Checkpointing.Pickling;
using LightningSharp.Checkpointing.Tensors;

namespace LightningSharp.Checkpointing;

/// <summary>A checkpoint that is ready to be written: its description as bytes, and where the tensor bytes are. Made on the caller's thread; writing needs no libtorch for CPU tensors.</summary>
internal sealed class WritePlan : IDisposable
{
    private const string Root = "archive";
    private readonly ReadOnlyMemory<byte> _pickle;
    private readonly IReadOnlyList<StorageContent> _storages;
    private readonly StorageCollector _collector;

    private WritePlan(ReadOnlyMemory<byte> pickle, IReadOnlyList<StorageContent> storages, StorageCollector collector) => (_pickle, _storages, _collector) = (pickle, storages, collector);

    /// <summary>About how many bytes the file will have.</summary>
    public long Bytes => _pickle.Length + _storages.Sum(storage => storage.Node.Bytes + 256);

    public static WritePlan Of<TValue>(IReadOnlyDictionary<string, TValue> root)
    {
        var collector = new StorageCollector();
        try
        {
            var tree = new NodeImporter(collector).Root(root);
            var storages = collector.Finish(); // sizes are known from here on
            return new WritePlan(PickleWriter.Write(tree), storages, collector);
        }
        catch
        {
            collector.Dispose();
            throw;
        }
    }

    /// <summary>Copies all tensor bytes, so that training may go on while another thread writes.</summary>
    public void Snapshot()
    {
        try
        {
            foreach (var storage in _storages) storage.Snapshot();
        }
        catch (OutOfMemoryException exception)
        {
            throw new CheckpointException($"There is no memory for a second copy of the checkpoint ({Bytes:N0} bytes), which saving in the background needs. Save in the foreground instead.", exception);
        }
    }

    /// <summary>The file, whole or not at all, as the options want it.</summary>
    public void WriteTo(string path, DurableFile files, CheckpointWriteOptions? options)
    {
        options ??= CheckpointWriteOptions.Default;
        files.Write(path, WriteTo, options.FlushToDisk, options.Verify ? written => CheckpointFile.Verify(written, new CheckpointReadOptions { MaxDescriptionBytes = int.MaxValue }) : null);
    }

    public void WriteTo(Stream stream) => WriteTo(stream, uint.MaxValue);

    internal void WriteTo(Stream stream, long zip64From)
    {
        var zip = new ZipRecordWriter(stream, zip64From);
        zip.Record($"{Root}/data.pkl", _pickle.Span);
        zip.Record($"{Root}/byteorder", "little"u8);
        foreach (var storage in _storages)
        {
            zip.Begin($"{Root}/data/{storage.Node.Key}", storage.Node.Bytes);
            storage.Read(piece => zip.Write(piece.Span));
            zip.End();
        }

        zip.Record($"{Root}/version", "3\n"u8);
        zip.Finish();
    }

    public void Dispose()
    {
        foreach (var storage in _storages) storage.Dispose();
        _collector.Dispose();
    }
}
