using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>A batch type that says itself how it moves to a device and how many samples it holds. Tuples, records, arrays, lists and dictionaries need none of this.</summary>
/// <typeparam name="TSelf">The batch type itself.</typeparam>
public interface IBatch<TSelf>
    where TSelf : IBatch<TSelf>
{
    /// <summary>Number of samples; the weight of this batch in an epoch's mean.</summary>
    int Size { get; }

    /// <summary>The tensors inside, so that the Trainer can free them after the step.</summary>
    IEnumerable<Tensor> Tensors { get; }

    /// <summary>The same batch with its tensors on <paramref name="device"/>; may return itself when they are there already.</summary>
    TSelf To(Device device, bool nonBlocking);
}
