namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A dictionary in a pickle: order kept, every key once.</summary>
internal sealed class DictNode(bool isOrderedDict = false)
{
    private static readonly List<KeyValuePair<object, object?>> NoEntries = [];
    private HashSet<object>? _keys; // made late: a hostile pickle has an empty dictionary in every byte

    public List<KeyValuePair<object, object?>> Entries { get; private set; } = NoEntries;

    /// <summary>Whether Python sees a <c>collections.OrderedDict</c>.</summary>
    public bool IsOrderedDict { get; } = isOrderedDict;

    /// <summary>A class that stands as a key, as Lightning before 1.5 wrote its callbacks: kept as its name, and only where unknown classes may be.</summary>
    public string? ClassKey { get; set; }

    public bool TryAdd(object key, object? value)
    {
        if (_keys is null) (_keys, Entries) = (new HashSet<object>(NodeKeyComparer.Instance), []);
        if (!_keys.Add(key)) return false;
        Entries.Add(new(key, value));
        return true;
    }
}
