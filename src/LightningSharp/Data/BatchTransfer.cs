using LightningSharp.Data.Shapes;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// Moves any batch to a device: tensors, tuples, records, arrays, lists, dictionaries, nested in any way, and types with their own <see cref="IBatch{TSelf}"/>.
/// Text, numbers and other values pass untouched; containers are copied, never changed.
/// </summary>
public static class BatchTransfer
{
    /// <summary>The batch with its tensors on <paramref name="device"/>; tensors that are there already stay the same objects.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="device">Where to.</param>
    /// <param name="floatType">When given, floating point tensors are converted to it; others keep their type.</param>
    public static TBatch To<TBatch>(TBatch batch, Device device, ScalarType? floatType = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        return BatchShape<TBatch>.Instance.Map(batch, new TensorMap(device, floatType));
    }

    /// <summary>The tensors of a batch, in order.</summary>
    public static IReadOnlyList<Tensor> Tensors<TBatch>(TBatch batch)
    {
        var tensors = new List<Tensor>();
        BatchShape<TBatch>.Instance.Collect(batch, tensors);
        return tensors;
    }
}
