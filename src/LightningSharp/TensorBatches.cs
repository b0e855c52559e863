using System.Collections;
using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>Batches of two tensors in memory. The order of an epoch is a function of seed and epoch.</summary>
internal sealed class TensorBatches(Tensor x, Tensor y, long first, long count, int batchSize, bool shuffle, long seed) : IEnumerable<(Tensor X, Tensor Y)>, ILoader
{
    private int _epoch;

    public int? BatchCount => (int)((count + batchSize - 1) / batchSize);

    public void SetEpoch(int epoch) => _epoch = epoch;

    public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
    {
        var order = new Permutation((int)count, seed, _epoch);
        var rows = new long[batchSize];
        for (long start = 0; start < count; start += batchSize)
        {
            var size = (int)Math.Min(batchSize, count - start);
            if (!shuffle)
            {
                yield return (x.narrow(0, first + start, size), y.narrow(0, first + start, size));
                continue;
            }

            for (var i = 0; i < size; i++) rows[i] = first + order[(int)start + i];
            using var index = tensor(rows.AsSpan(0, size).ToArray(), device: x.device);
            yield return (x.index_select(0, index), y.index_select(0, index));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
