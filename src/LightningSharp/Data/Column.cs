using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>One tensor of every batch of an <see cref="IBatchDataset"/>: its element type and the shape of a single item.</summary>
public sealed class Column
{
    /// <summary>Describes a column.</summary>
    /// <param name="name">For messages, for example <c>"images"</c>.</param>
    /// <param name="dtype">Element type of the tensor.</param>
    /// <param name="shape">Shape of one item without the batch dimension; empty for one number per item.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or an item would be larger than 2 GB.</exception>
    public Column(string name, ScalarType dtype, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        long bytes = ElementTypes.SizeOf(dtype);
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            bytes = checked(bytes * size);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, int.MaxValue, nameof(shape));
        (Name, DType, Shape, BytesPerItem) = (name, dtype, shape.ToArray(), (int)bytes);
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>Element type of the batch tensor.</summary>
    public ScalarType DType { get; }

    /// <summary>Shape of one item, without the batch dimension.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Bytes of one item.</summary>
    public int BytesPerItem { get; }

    /// <summary>The shape of a batch of <paramref name="rows"/> items.</summary>
    internal long[] BatchShape(int rows) => [rows, .. Shape];

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType} [{string.Join(", ", Shape)}]";
}
