using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>Finds how many samples a batch holds: the first dimension of its first tensor, 1 for a tensor without dimensions.</summary>
public static class BatchSize
{
    [ThreadStatic]
    private static List<Tensor>? _found;

    /// <summary>Samples in <paramref name="batch"/>; 0 when it holds no tensor, so that nothing can be told.</summary>
    public static int Of<TBatch>(TBatch batch) => Find(batch, out _);

    /// <summary>Like <see cref="Of"/>, and says whether tensors of the batch disagree in their first dimension.</summary>
    internal static int Find<TBatch>(TBatch batch, out bool ambiguous)
    {
        ambiguous = false;
        var shape = BatchShape<TBatch>.Instance;
        if (shape.OwnSize(batch) is { } own) return own;
        var tensors = _found ??= [];
        tensors.Clear();
        shape.Collect(batch, tensors);
        var size = 0;
        for (var i = 0; i < tensors.Count; i++)
        {
            var first = tensors[i].Dimensions == 0 ? 1 : (int)tensors[i].size(0);
            if (i == 0) size = first;
            else ambiguous |= first != size;
        }

        tensors.Clear();
        return size;
    }
}
