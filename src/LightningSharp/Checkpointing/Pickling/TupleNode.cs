namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A tuple in a pickle.</summary>
internal sealed record TupleNode(object?[] Items)
{
    public static readonly TupleNode Empty = new([]);
}
