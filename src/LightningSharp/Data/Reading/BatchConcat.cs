using System.Buffers;

namespace LightningSharp.Data.Reading;

/// <summary>Two data sets that give whole batches, one after the other. Runs of items from the same one are written at once.</summary>
internal sealed class BatchConcat : IBatchDataset
{
    private readonly IBatchDataset _first;
    private readonly IBatchDataset _second;

    public BatchConcat(IBatchDataset first, IBatchDataset second)
    {
        (_first, _second) = (first, second);
        if (first.Columns.Count != second.Columns.Count || first.Columns.Zip(second.Columns).Any(pair => pair.First.DType != pair.Second.DType || !pair.First.Shape.SequenceEqual(pair.Second.Shape)))
        {
            throw new ArgumentException(
                $"Only data sets with the same columns can follow each other: the first has {Text(first)}, the second {Text(second)}.", nameof(second));
        }
    }

    public int Count => checked(_first.Count + _second.Count);

    public IReadOnlyList<Column> Columns => _first.Columns;

    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        int border = _first.Count, size = Columns[column].BytesPerItem;
        int[] mapped = ArrayPool<int>.Shared.Rent(indices.Length);
        try
        {
            for (int start = 0, end; start < indices.Length; start = end)
            {
                bool isFirst = indices[start] < border;
                for (end = start; end < indices.Length && indices[end] < border == isFirst; end++)
                    mapped[end] = isFirst ? indices[end] : indices[end] - border;
                (isFirst ? _first : _second).Fill(column, mapped.AsSpan(start, end - start), destination.Slice(start * size, (end - start) * size));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(mapped);
        }
    }

    private static string Text(IBatchDataset dataset) => string.Join(", ", dataset.Columns);
}
