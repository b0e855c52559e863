using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>Cuts a batch of sequences along the time dimension. The windows are views: nothing is copied.</summary>
internal static class TimeWindows
{
    /// <exception cref="DataException">A tensor has no such dimension, the tensors disagree about its length, or the type moves itself and cannot be cut from outside.</exception>
    public static IReadOnlyList<TBatch> Cut<TBatch>(TBatch batch, int steps, int dimension)
    {
        var length = Length(batch, dimension);
        if (length <= steps) return [batch];
        var windows = new List<TBatch>();
        for (long start = 0; start < length; start += steps)
        {
            var map = new NarrowMap(dimension, start, Math.Min(steps, length - start));
            var window = BatchShape<TBatch>.Instance.Map(batch, map);
            if (!map.WasUsed)
            {
                throw new DataException(
                    $"A batch of type {typeof(TBatch).Name} cannot be cut into windows over time from outside, as the type moves its tensors itself. Override SplitBatch in the module.");
            }

            windows.Add(window);
        }

        return windows;
    }

    private static long Length<TBatch>(TBatch batch, int dimension)
    {
        var tensors = new List<Tensor>();
        BatchShape<TBatch>.Instance.Collect(batch, tensors);
        if (tensors.Count == 0) throw new DataException($"A batch of type {typeof(TBatch).Name} holds no tensor that could be cut into windows over time. Override SplitBatch in the module.");
        foreach (var tensor in tensors)
        {
            if (tensor.Dimensions > dimension && tensor.size(dimension) == tensors[0].size(Math.Min(dimension, (int)tensors[0].Dimensions - 1))) continue;
            throw new DataException(
                $"The tensors of a batch do not all have the same number of time steps in dimension {dimension}: their shapes are {string.Join(", ", tensors.Select(Text))}. "
                + "Override TimeDimension if time lies elsewhere, or SplitBatch to cut the batch yourself (for example to repeat a label of the whole sequence in each window).");
        }

        return tensors[0].size(dimension);
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>A window of each tensor.</summary>
    private sealed class NarrowMap(int dimension, long start, long length) : TensorMap(device: null)
    {
        public bool WasUsed { get; private set; }

        public override Tensor Apply(Tensor tensor)
        {
            WasUsed = true;
            return tensor.narrow(dimension, start, length);
        }
    }
}
