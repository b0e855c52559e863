using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>One column of a batch in managed memory, filled by any thread and turned into a tensor by the thread that takes the batch.</summary>
internal readonly struct HostColumn(byte[] buffer, int bytes, long[] shape, ScalarType dtype)
{
    /// <summary>Copies the column into a new tensor and gives the buffer back.</summary>
    public Tensor ToTensor(BufferPool pool, bool pin)
    {
        var tensor = empty(shape, dtype);
        if (bytes > 0)
            buffer.AsSpan(0, bytes).CopyTo(tensor.bytes);
        pool.Return(buffer);
        return pin ? Pin(tensor) : tensor;
    }

    public void Discard(BufferPool pool) => pool.Return(buffer);

    /// <summary>The tensor in page-locked memory, from which a copy to a GPU overlaps with work; the other one is freed.</summary>
    public static Tensor Pin(Tensor tensor)
    {
        var pinned = tensor.pin_memory();
        tensor.Dispose();
        return pinned;
    }
}
