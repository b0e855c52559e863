using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>One number per item: a tensor [B].</summary>
internal sealed class NumberColumn<TItem, T>(string name, Func<TItem, T> part, ScalarType dtype) : ItemColumn<TItem>(name)
    where T : unmanaged
{
    public override object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool)
    {
        int bytes = items.Length * ElementTypes.SizeOf(dtype);
        byte[] buffer = pool.Rent(bytes);
        var values = MemoryMarshal.Cast<byte, T>(buffer.AsSpan(0, bytes));
        for (int i = 0; i < items.Length; i++)
            values[i] = part(items[i]);
        return new HostColumn(buffer, bytes, [items.Length], dtype);
    }
}
