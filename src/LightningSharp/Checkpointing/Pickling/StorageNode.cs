namespace LightningSharp.Checkpointing.Pickling;

/// <summary>The memory that one or more tensors look at.</summary>
internal sealed class StorageNode(string key, TensorType? type, long elements)
{
    /// <summary>The number of its record, as text.</summary>
    public string Key { get; } = key;

    /// <summary>Null for a storage that does not say its element type (its size is then in bytes).</summary>
    public TensorType? Type { get; set; } = type;

    public long Elements { get; set; } = elements;

    /// <summary>Writing only: the element of the tensor memory that becomes the first of the record.</summary>
    public long First { get; set; }

    public long Bytes => Elements * (Type?.Bytes ?? 1);
}
