using System.Runtime.CompilerServices;

namespace LightningSharp.Data;

/// <summary>Finds what <c>forward</c> takes inside a batch: the batch itself, or its first part of that type.</summary>
internal static class BatchInput<TBatch, TInput>
{
    public static TInput Of(TBatch batch)
    {
        if (batch is TInput whole) return whole;
        if (batch is ITuple tuple)
        {
            for (var i = 0; i < tuple.Length; i++)
            {
                if (tuple[i] is TInput part) return part;
            }
        }

        if (typeof(TInput) == typeof(TorchSharp.torch.Tensor) && BatchTransfer.Tensors(batch) is [var first, ..]) return (TInput)(object)first;
        throw new MisconfigurationException(
            $"The default PredictStep found no {typeof(TInput).Name} in a batch of type {typeof(TBatch).Name}. Override PredictStep and call the network on the right part.");
    }
}
