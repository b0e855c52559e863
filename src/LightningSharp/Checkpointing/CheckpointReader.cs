using LightningSharp.Checkpointing.Archives;
using LightningSharp.Checkpointing.Pickling;
using LightningSharp.Checkpointing.Tensors;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>Reads either format from a source: look at the start, verify the description, check the tree, and only then make values.</summary>
internal static class CheckpointReader
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public static LoadedCheckpoint Read(ByteSource source, CheckpointReadOptions options) => Guarded(source, () =>
    {
        using var loader = new TensorLoader(source);
        if (FileSniffer.Find(source) == CheckpointFormat.SafeTensors) return SafeTensorsFile.Read(source, loader, options);
        var (archive, tree) = Describe(source, options);
        var flats = new Dictionary<StorageNode, Tensor>();
        var root = new NodeExporter(node => Load(archive, loader, flats, node, options)).Root(tree, options.Keys);
        return new LoadedCheckpoint(source.Name, CheckpointFormat.PyTorch, root, loader.Release(), NoMetadata);
    });

    public static CheckpointInspection Inspect(ByteSource source, CheckpointReadOptions options) => Guarded(source, () =>
    {
        if (FileSniffer.Find(source) == CheckpointFormat.SafeTensors)
        {
            var header = SafeTensorsHeader.Read(source, options);
            return CheckpointInspection.Of(source, header);
        }

        var (_, tree) = Describe(source, options);
        var root = new NodeExporter(node => node).Root(tree, options.Keys);
        return CheckpointInspection.Of(source, root);
    });

    public static void Verify(ByteSource source, CheckpointReadOptions options) => Guarded(source, () =>
    {
        if (FileSniffer.Find(source) == CheckpointFormat.SafeTensors)
        {
            SafeTensorsHeader.Read(source, options);
            return true;
        }

        Describe(source, options).Archive.Verify();
        return true;
    });

    /// <summary>Names the file in every refusal.</summary>
    private static T Guarded<T>(ByteSource source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CheckpointRefusedException exception)
        {
            throw exception.In(source.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            throw new CheckpointException($"'{source.Name}' cannot be read: {exception.Message}", exception);
        }
    }

    private static (TorchArchive Archive, DictNode Tree) Describe(ByteSource source, CheckpointReadOptions options)
    {
        var archive = new TorchArchive(source, options);
        var calls = new PickleCalls(key => archive.FindStorage(key)?.Size, options);
        var root = new PickleMachine(archive.ReadPickle(), calls, options).Run();
        return (archive, new TreeCheck(options).Check(root, calls.Opaque));
    }

    private static Tensor Load(TorchArchive archive, TensorLoader loader, Dictionary<StorageNode, Tensor> flats, TensorNode node, CheckpointReadOptions options)
    {
        if (!flats.TryGetValue(node.Storage, out var flat))
        {
            var entry = archive.FindStorage(node.Storage.Key)!; // not null: the storage was compared with its record
            flats[node.Storage] = flat = loader.Flat(node.Type, node.Storage.Elements, entry.DataOffset, options.VerifyChecksums ? entry.Crc : null, entry.Name);
        }

        return loader.View(flat, node.Shape, node.Stride, node.Offset);
    }
}
