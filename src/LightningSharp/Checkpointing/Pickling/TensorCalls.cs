namespace LightningSharp.Checkpointing.Pickling;

/// <summary>
/// Storages and tensors of a pickle. A storage has exactly the bytes of its record; a tensor stays inside of its storage. All arithmetic is checked, and
/// nothing is allocated here.
/// </summary>
internal sealed class TensorCalls(Func<string, long?> recordBytes, CheckpointReadOptions options)
{
    private const int MostDimensions = 64;
    private readonly Dictionary<string, StorageNode> _storages = new(StringComparer.Ordinal);

    public StorageNode Storage(object? id)
    {
        if (id is not TupleNode { Items: ["storage", GlobalNode type, string key, string, long elements] }) throw Corrupt("a storage is named by something else than (storage, type, key, location, size)");
        if (type.Kind is not (GlobalKind.Storage or GlobalKind.UntypedStorage)) throw TypeProblem(type);
        if (key.Length is 0 or > 20 || !key.All(char.IsAsciiDigit)) throw Corrupt($"the storage key {Quoted.Text(key)} is no number");
        var element = type.Kind == GlobalKind.Storage ? TensorType.OfStorage(type.Name) : null;
        var available = recordBytes(key) ?? throw Corrupt($"the record of storage {key} is missing");
        var width = element?.Bytes ?? 1;
        if (elements < 0 || elements > available / width || elements * width != available)
            throw Corrupt($"storage {key} should have {elements:N0} elements of {width} bytes, but its record has {available:N0} bytes");
        if (_storages.TryGetValue(key, out var known))
        {
            return known.Type == element || element is null ? known : throw Corrupt($"storage {key} is used with two element types");
        }

        return _storages[key] = new StorageNode(key, element, elements);
    }

    /// <summary>The tensor that a call makes; null when the call is none of torch's.</summary>
    public object? Rebuild(GlobalKind kind, object?[] items) => (kind, items) switch
    {
        (GlobalKind.RebuildTensorV2, [StorageNode storage, long offset, var size, var stride, bool, var hooks]) => Make(storage, offset, size, stride, hooks),
        (GlobalKind.RebuildTensorV2, [StorageNode storage, long offset, var size, var stride, bool, var hooks, DictNode or null]) => Make(storage, offset, size, stride, hooks),
        (GlobalKind.RebuildTensorV3, [StorageNode storage, long offset, var size, var stride, bool, var hooks, GlobalNode { Kind: GlobalKind.DType } type]) => Make(Typed(storage, type), offset, size, stride, hooks),
        (GlobalKind.RebuildTensorV3, [StorageNode storage, long offset, var size, var stride, bool, var hooks, GlobalNode { Kind: GlobalKind.DType } type, DictNode or null]) => Make(Typed(storage, type), offset, size, stride, hooks),
        (GlobalKind.RebuildParameter, [TensorNode tensor, bool, DictNode { Entries.Count: 0 } or null]) => tensor,
        (GlobalKind.RebuildParameterWithState, [TensorNode tensor, bool, DictNode { Entries.Count: 0 } or null, _]) => tensor,
        _ => null,
    };

    private TensorNode Make(StorageNode storage, long offset, object? size, object? stride, object? hooks)
    {
        if (hooks is not (null or DictNode { Entries.Count: 0 })) throw Corrupt("a tensor brings hooks, which torch.save never writes");
        if (storage.Type is null) throw Corrupt("a tensor over bytes does not say its element type");
        var shape = Longs(size, "size");
        var strides = Longs(stride, "stride");
        if (shape.Length != strides.Length) throw Corrupt($"a tensor has {shape.Length} sizes, but {strides.Length} strides");
        if (offset < 0) throw Corrupt($"a tensor starts at element {offset}");
        CheckBounds(storage, offset, shape, strides);
        return new TensorNode(storage, offset, shape, strides);
    }

    private void CheckBounds(StorageNode storage, long offset, long[] shape, long[] strides)
    {
        var where = $"a tensor of shape {Quoted.Shape(shape)}, stride {Quoted.Shape(strides)} and offset {offset} in a storage of {storage.Elements:N0} elements";
        try
        {
            checked
            {
                long elements = 1, last = offset;
                for (var i = 0; i < shape.Length; i++)
                {
                    elements *= shape[i];
                    last += (Math.Max(shape[i], 1) - 1) * strides[i];
                }

                var bytes = elements * storage.Type!.Bytes; // not null: the caller checked it
                if (elements > 0 ? last >= storage.Elements : offset > storage.Elements) throw Corrupt($"{where} reaches outside of it");
                if (bytes > storage.Bytes && bytes > options.MaxExpandedBytes)
                    throw CheckpointRefusedException.Limit($"In data.pkl {where} shows {bytes:N0} bytes; the limit for tensors that are larger than their storage is {options.MaxExpandedBytes:N0} ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxExpandedBytes)}).");
            }
        }
        catch (OverflowException)
        {
            throw Corrupt($"{where} has an impossible size");
        }
    }

    private static StorageNode Typed(StorageNode storage, GlobalNode type)
    {
        var element = TensorType.OfName(type.Name) ?? throw TypeProblem(type);
        if (storage.Type is null)
        {
            if (storage.Elements % element.Bytes != 0) throw Corrupt($"storage {storage.Key} of {storage.Elements:N0} bytes does not hold whole elements of {element.Name}");
            storage.Elements /= element.Bytes;
            storage.Type = element;
        }

        return storage.Type == element ? storage : throw Corrupt($"storage {storage.Key} is used with two element types");
    }

    private static long[] Longs(object? node, string what)
    {
        if (node is not TupleNode tuple || tuple.Items.Length > MostDimensions) throw Corrupt($"the {what} of a tensor is no tuple of at most {MostDimensions} numbers");
        var result = new long[tuple.Items.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (tuple.Items[i] is not long value || value < 0) throw Corrupt($"the {what} of a tensor has something else than numbers from 0 up");
            result[i] = value;
        }

        return result;
    }

    private static CheckpointRefusedException TypeProblem(GlobalNode type) =>
        TensorType.IsForeign(type.Name) || type.Name.EndsWith("Storage", StringComparison.Ordinal)
            ? CheckpointRefusedException.Version($"It holds tensors of the type {Quoted.Text(type.FullName)}, which TorchSharp does not have. Convert them in Python and save again.")
            : Corrupt($"{Quoted.Text(type.FullName)} is used as the type of a storage");

    private static CheckpointRefusedException Corrupt(string what) => CheckpointRefusedException.Corrupt($"In data.pkl {what}.");
}
