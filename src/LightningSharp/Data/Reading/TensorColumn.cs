using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>A tensor per item, the slow but usual way: a tensor [B, …]. The bytes are copied on the reading thread; no operation of libtorch runs there.</summary>
internal sealed class TensorColumn<TItem>(string name, Func<TItem, Tensor?> part) : ItemColumn<TItem>(name)
{
    public override object Collate(ReadOnlySpan<TItem> items, ReadOnlySpan<int> indices, BufferPool pool)
    {
        var first = Alive(part(items[0]), indices[0]);
        long[] shape = first.shape;
        var dtype = first.dtype;
        int itemBytes = checked((int)(first.numel() * ElementTypes.SizeOf(dtype))), bytes = checked(itemBytes * items.Length);
        byte[] buffer = pool.Rent(bytes);
        for (int i = 0; i < items.Length; i++)
        {
            var tensor = Alive(part(items[i]), indices[i]);
            if (!tensor.shape.AsSpan().SequenceEqual(shape))
                throw Differs(indices[0], shape, indices[i], tensor.shape);
            if (tensor.dtype != dtype)
                throw new DataException($"The items of one batch must have the same element type: {Name} of item {indices[0]} is {dtype}, of item {indices[i]} {tensor.dtype}.");
            Copy(tensor, buffer.AsSpan(i * itemBytes, itemBytes));
        }

        return new HostColumn(buffer, bytes, [items.Length, .. shape], dtype);
    }

    private Tensor Alive(Tensor? tensor, int index)
    {
        if (tensor is null)
            throw Missing(index);
        return !tensor.IsInvalid ? tensor : throw new DataException(
            $"{Name} of item {index} is a tensor that was disposed. Tensors that a data set makes in Get are freed once they are in the batch; one that it keeps for later must be detached first: tensor.DetachFromDisposeScope().");
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
