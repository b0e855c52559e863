namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A tensor: a view of a storage, in elements. Its bounds were checked.</summary>
internal sealed record TensorNode(StorageNode Storage, long Offset, long[] Shape, long[] Stride)
{
    public TensorType Type => Storage.Type!; // not null: a tensor is made only over a typed storage

    public long Elements
    {
        get
        {
            var product = 1L;
            foreach (var size in Shape) product *= size;
            return product;
        }
    }

    public long Bytes => Elements * Type.Bytes;
}
