namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A dictionary in a pickle: order kept, every key once.</summary>
internal sealed class DictNode(bool isOrderedDict = false)
{
    private readonly HashSet<object> _keys = new(NodeKeyComparer.Instance);

    public List<KeyValuePair<object, object?>> Entries { get; } = [];

    /// <summary>Whether Python sees a <c>collections.OrderedDict</c>.</summary>
    public bool IsOrderedDict { get; } = isOrderedDict;

    public bool TryAdd(object key, object? value)
    {
        if (!_keys.Add(key)) return false;
        Entries.Add(new(key, value));
        return true;
    }
}
