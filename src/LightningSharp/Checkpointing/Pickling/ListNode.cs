namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A list or a set in a pickle.</summary>
internal sealed class ListNode(bool isSet = false)
{
    public List<object?> Items { get; } = [];

    public bool IsSet { get; } = isSet;
}
