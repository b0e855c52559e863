using System.Collections;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>Turns a data set into batches.</summary>
/// <typeparam name="TBatch">What one batch is.</typeparam>
public sealed class DataLoader<TBatch> : IEnumerable<TBatch>, ILoader
{
    private readonly IBatchDataset _dataset;
    private readonly int _batchSize;
    private readonly bool _shuffle;
    private readonly bool _dropLast;
    private readonly Func<object[], TBatch> _assemble;
    private long? _seed;
    private int _epoch;

    /// <summary>Describes the batches; nothing is read before the first enumeration.</summary>
    public DataLoader(IDataset dataset, int batchSize = 1, bool shuffle = false, bool dropLast = false, int workers = 0, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        _dataset = dataset as IBatchDataset ?? throw new ArgumentException("Only IBatchDataset so far.", nameof(dataset));
        (_batchSize, _shuffle, _dropLast, _seed) = (batchSize, shuffle, dropLast, seed);
        _assemble = BatchAssembler.Create<TBatch>([.. _dataset.Columns.Select(_ => typeof(Tensor))], dataset.GetType().Name);
    }

    /// <inheritdoc/>
    public int? BatchCount => _dropLast ? _dataset.Count / _batchSize : (_dataset.Count + _batchSize - 1) / _batchSize;

    /// <inheritdoc/>
    public void SetEpoch(int epoch) => _epoch = epoch;

    /// <inheritdoc/>
    public IEnumerator<TBatch> GetEnumerator() => Batches(_epoch++).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<TBatch> Batches(int epoch)
    {
        int count = _dataset.Count, batches = BatchCount ?? 0;
        var order = new Permutation(count, _seed ??= torch.initial_seed(), epoch);
        var values = new object[_dataset.Columns.Count];
        for (int batch = 0; batch < batches; batch++)
        {
            int first = batch * _batchSize;
            var indices = new int[Math.Min(_batchSize, count - first)];
            for (int i = 0; i < indices.Length; i++)
                indices[i] = _shuffle ? order[first + i] : first + i;
            for (int column = 0; column < values.Length; column++)
            {
                var tensor = empty(_dataset.Columns[column].BatchShape(indices.Length), _dataset.Columns[column].DType);
                _dataset.Fill(column, indices, tensor.bytes);
                values[column] = tensor;
            }

            yield return _assemble(values);
        }
    }
}
