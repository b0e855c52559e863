namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A list or a set in a pickle.</summary>
internal sealed class ListNode(bool isSet = false)
{
    private List<object?>? _items; // made late: a hostile pickle has an empty list in every byte

    public List<object?> Items => _items ??= [];

    public bool IsSet { get; } = isSet;
}
