using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>The user's own function from items to a batch; it runs on the thread that takes the batch, because it makes tensors.</summary>
internal sealed class ListCollator<TItem, TBatch>(Func<IReadOnlyList<TItem>, TBatch> collate) : ItemCollator<TItem, TBatch>
{
    public override int ColumnCount => 0;

    public override bool HasTensors => false;

    public override object Collate(TItem[] items, int count, ReadOnlySpan<int> indices, BufferPool pool) =>
        (count == items.Length ? items : items[..count], indices.ToArray());

    public override TBatch Finish(object collated, BufferPool pool, bool pin)
    {
        var (items, indices) = ((TItem[], int[]))collated;
        try
        {
            return collate(items);
        }
        catch (Exception failure) when (failure is not LightningException)
        {
            throw new DataException(
                $"The collate function threw {failure.GetType().Name} for {items.Length} items (indices {Describe.Indices(indices)}): {failure.Message}", failure);
        }
    }

    public override void Discard(object collated, BufferPool pool)
    {
    }
}
