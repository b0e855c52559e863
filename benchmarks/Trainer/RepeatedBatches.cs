using System.Collections;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>A list of batches, several times over: a long epoch that costs nothing to load.</summary>
internal sealed class RepeatedBatches(List<(Tensor X, Tensor Y)> batches, int times) : IReadOnlyCollection<(Tensor X, Tensor Y)>
{
    public int Count => batches.Count * times;

    public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
    {
        for (var time = 0; time < times; time++)
        {
            foreach (var batch in batches) yield return batch;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
