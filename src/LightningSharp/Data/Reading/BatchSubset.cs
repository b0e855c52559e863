using System.Buffers;

namespace LightningSharp.Data.Reading;

/// <summary>Some items of a data set that gives whole batches.</summary>
internal sealed class BatchSubset(IBatchDataset dataset, int[] chosen) : IBatchDataset
{
    public int Count => chosen.Length;

    public IReadOnlyList<Column> Columns => dataset.Columns;

    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        int[] mapped = ArrayPool<int>.Shared.Rent(indices.Length);
        try
        {
            for (int i = 0; i < indices.Length; i++)
                mapped[i] = chosen[indices[i]];
            dataset.Fill(column, mapped.AsSpan(0, indices.Length), destination);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(mapped);
        }
    }
}
