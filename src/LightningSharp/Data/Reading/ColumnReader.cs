using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Whole batches from an <see cref="IBatchDataset"/>; without workers straight into the memory of the tensors.</summary>
internal sealed class ColumnReader<TBatch> : BatchReader<TBatch>
{
    private readonly IBatchDataset _dataset;
    private readonly Column[] _columns;
    private readonly Func<object[], TBatch> _assemble;

    public ColumnReader(IBatchDataset dataset)
    {
        _dataset = dataset;
        _columns = [.. dataset.Columns];
        _assemble = BatchAssembler.Create<TBatch>([.. _columns.Select(_ => typeof(Tensor))], BatchAssembler.Name(dataset.GetType()));
    }

    public override int ColumnCount => _columns.Length;

    public override object Read(ReadOnlySpan<int> indices, ReadContext context)
    {
        var batch = new HostColumn[_columns.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            var column = _columns[i];
            int bytes = checked(column.BytesPerItem * indices.Length);
            byte[] buffer = context.Pool.Rent(bytes);
            Fill(i, indices, buffer.AsSpan(0, bytes), context);
            batch[i] = new HostColumn(buffer, bytes, column.BatchShape(indices.Length), column.DType);
        }

        return batch;
    }

    public override TBatch Finish(object read, BufferPool pool, bool pin)
    {
        var columns = (HostColumn[])read;
        var values = new object[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            values[i] = columns[i].ToTensor(pool, pin);
        return _assemble(values);
    }

    public override TBatch ReadHere(ReadOnlySpan<int> indices, ReadContext context, bool pin)
    {
        var values = new object[_columns.Length];
        for (int i = 0; i < values.Length; i++)
        {
            var tensor = empty(_columns[i].BatchShape(indices.Length), _columns[i].DType);
            if (_columns[i].BytesPerItem > 0 && indices.Length > 0)
                Fill(i, indices, tensor.bytes, context);
            GC.KeepAlive(tensor);   // the span does not keep it
            values[i] = pin ? HostColumn.Pin(tensor) : tensor;
        }

        return _assemble(values);
    }

    public override void Discard(object read, BufferPool pool)
    {
        foreach (var column in (HostColumn[])read)
            column.Discard(pool);
    }

    private void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination, ReadContext context)
    {
        try
        {
            _dataset.Fill(column, indices, destination);
        }
        catch (Exception failure) when (failure is not LightningException)
        {
            throw new DataException(
                $"{BatchAssembler.Name(_dataset.GetType())}.Fill threw {failure.GetType().Name} for column '{_columns[column].Name}', {indices.Length} items from index {indices[0]} on{context.Where}: {failure.Message}",
                failure);
        }
    }
}
