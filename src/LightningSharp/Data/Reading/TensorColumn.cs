using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>A tensor per item, the slow but usual way: a tensor [B, …]. The bytes are copied on the reading thread; no operation of libtorch runs there.</summary>
internal sealed class TensorColumn<TItem>(string name, Func<TItem, Tensor?> part) : ItemColumn<TItem>(name)
{
    public override object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool)
    {
        var first = part(items[0]) ?? throw Missing(indices[0]);
        long[] shape = first.shape;
        var dtype = first.dtype;
        int itemBytes = checked((int)(first.numel() * ElementTypes.SizeOf(dtype))), bytes = checked(itemBytes * items.Length);
        byte[] buffer = pool.Rent(bytes);
        for (int i = 0; i < items.Length; i++)
        {
            var tensor = part(items[i]) ?? throw Missing(indices[i]);
            if (!tensor.shape.AsSpan().SequenceEqual(shape))
                throw Differs(indices[0], shape, indices[i], tensor.shape);
            if (tensor.dtype != dtype)
                throw new DataException($"The items of one batch must have the same element type: {Name} of item {indices[0]} is {dtype}, of item {indices[i]} {tensor.dtype}.");
            Copy(tensor, buffer.AsSpan(i * itemBytes, itemBytes));
        }

        return new HostColumn(buffer, bytes, [items.Length, .. shape], dtype);
    }

    private static void Copy(Tensor tensor, Span<byte> target)
    {
        if (target.IsEmpty)
            return;
        using var plain = tensor.device_type == DeviceType.CPU && tensor.is_contiguous() ? tensor.alias() : tensor.cpu().contiguous();
        plain.bytes.CopyTo(target);
        GC.KeepAlive(plain);
    }
}
