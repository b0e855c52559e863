using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>An array of numbers per item, of one or more dimensions: a tensor [B, …].</summary>
internal sealed class ArrayColumn<TItem>(string name, Func<TItem, Array?> part, ScalarType dtype) : ItemColumn<TItem>(name)
{
    private readonly int _elementBytes = ElementTypes.SizeOf(dtype);

    public override object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool)
    {
        var first = items.Length > 0 ? part(items[0]) ?? throw Missing(indices[0]) : Array.Empty<byte>();
        int itemBytes = first.Length * _elementBytes, bytes = checked(itemBytes * items.Length);
        byte[] buffer = pool.Rent(bytes);
        for (int i = 0; i < items.Length; i++)
        {
            var array = part(items[i]) ?? throw Missing(indices[i]);
            if (!SameShape(first, array))
                throw Differs(indices[0], Shape(first), indices[i], Shape(array));
            MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), itemBytes).CopyTo(buffer.AsSpan(i * itemBytes));
        }

        return new HostColumn(buffer, bytes, [items.Length, .. Shape(first)], dtype);
    }

    private static bool SameShape(Array a, Array b)
    {
        if (a.Length != b.Length || a.Rank != b.Rank)
            return false;
        for (int i = 0; i < a.Rank; i++)
        {
            if (a.GetLength(i) != b.GetLength(i))
                return false;
        }

        return true;
    }

    private static long[] Shape(Array array)
    {
        var shape = new long[array.Rank];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = array.GetLength(i);
        return shape;
    }
}
