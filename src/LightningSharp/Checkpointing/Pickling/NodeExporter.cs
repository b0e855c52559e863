namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Makes the values that users see from checked nodes. Depth is bounded by <see cref="TreeCheck"/>, so this may recurse.</summary>
/// <param name="tensor">Makes the value for a tensor; called once for each tensor of the file.</param>
internal sealed class NodeExporter(Func<TensorNode, object?> tensor)
{
    private readonly Dictionary<object, object?> _made = new(ReferenceEqualityComparer.Instance);

    public OrderedDictionary<string, object?> Root(DictNode root, IReadOnlyCollection<string>? keys)
    {
        var result = new OrderedDictionary<string, object?>(root.Entries.Count, StringComparer.Ordinal);
        foreach (var (key, value) in root.Entries)
        {
            var name = (string)key; // TreeCheck saw to it
            if (keys is null || keys.Contains(name)) result.Add(name, Export(value));
        }

        return result;
    }

    private object? Export(object? node) => node switch
    {
        null or bool or long or double or string => node,
        GlobalNode { Kind: GlobalKind.Unknown } global => new OpaqueValue(global.FullName, [], null),
        GlobalNode global => global.Kind == GlobalKind.DType ? $"torch.{global.Name}" : global.FullName,
        TensorNode or TupleNode or ListNode or DictNode or OpaqueNode => Once(node),
        NumpyTypeNode type => type.Code,
        StorageNode storage => throw CheckpointRefusedException.Corrupt($"In data.pkl storage {storage.Key} stands without a tensor."),
        _ => node,
    };

    private object? Once(object node)
    {
        if (_made.TryGetValue(node, out var known)) return known;
        var made = node switch
        {
            TensorNode leaf => tensor(leaf),
            TupleNode tuple => new CheckpointTuple(tuple.Items.Select(Export)),
            ListNode list => list.Items.ConvertAll(Export),
            DictNode dictionary => Dictionary(dictionary),
            OpaqueNode opaque => Opaque(opaque),
            _ => null,
        };
        _made[node] = made;
        return made;
    }

    private object Dictionary(DictNode node)
    {
        if (node.Entries.TrueForAll(entry => entry.Key is string))
            return new OrderedDictionary<string, object?>(node.Entries.Select(entry => KeyValuePair.Create((string)entry.Key, Export(entry.Value))), StringComparer.Ordinal);
        if (node.Entries.TrueForAll(entry => entry.Key is long))
            return new OrderedDictionary<long, object?>(node.Entries.Select(entry => KeyValuePair.Create((long)entry.Key, Export(entry.Value))), SeededLongComparer.Instance);
        return new OrderedDictionary<object, object?>(node.Entries.Select(entry => KeyValuePair.Create(entry.Key, Export(entry.Value))), NodeKeyComparer.Instance);
    }

    private OpaqueValue Opaque(OpaqueNode node)
    {
        IReadOnlyList<object?> arguments = node.Arguments is TupleNode tuple ? [.. tuple.Items.Select(Export)] : [];
        return new OpaqueValue(node.Type.FullName, node.Items.Count == 0 ? arguments : [.. arguments, .. node.Items.Select(Export)], Export(node.State));
    }
}
