namespace LightningSharp.Checkpointing.Pickling;

/// <summary>What an unknown class was to be called with. Nothing was called.</summary>
internal sealed class OpaqueNode(GlobalNode type, object? arguments)
{
    public GlobalNode Type { get; } = type;

    public object? Arguments { get; } = arguments;

    public object? State { get; set; }

    // Subclasses of list and dict bring their items after construction.
    public List<object?> Items { get; } = [];
}
