using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing.Tensors;

/// <summary>
/// Brings tensor bytes from a file into memory of libtorch's, checking the CRC of the bytes that are kept. All tensors made are its own until
/// <see cref="Release"/>; when anything fails, disposing it leaves nothing behind.
/// </summary>
internal sealed class TensorLoader(ByteSource source) : IDisposable
{
    private const int ChunkBytes = 1 << 20;
    private readonly List<Tensor> _made = [];

    /// <summary>A flat tensor from a range of the file.</summary>
    public Tensor Flat(TensorType type, long elements, long offset, uint? crc, string name)
    {
        Tensor tensor;
        try
        {
            tensor = empty([elements], type.Scalar, new Device(DeviceType.CPU)).DetachFromDisposeScope();
        }
        catch (Exception exception) when (exception is System.Runtime.InteropServices.ExternalException or OutOfMemoryException)
        {
            throw new CheckpointException($"There is no memory for {Quoted.Text(name)} of {elements * type.Bytes:N0} bytes in '{source.Name}'.", exception);
        }

        _made.Add(tensor);
        var found = Fill(tensor, elements * type.Bytes, offset, type, name);
        if (crc is { } expected && found != expected)
            throw CheckpointRefusedException.Corrupt($"The checksum of {Quoted.Text(name)} is wrong (0x{found:x8}, expected 0x{expected:x8}): its bytes were changed after they were written.");
        return tensor;
    }

    /// <summary>A view; bounds were checked before.</summary>
    public Tensor View(Tensor flat, long[] shape, long[] stride, long offset)
    {
        using var noGrad = no_grad();
        var view = flat.as_strided(shape, stride, offset).DetachFromDisposeScope();
        _made.Add(view);
        return view;
    }

    /// <summary>Gives all tensors away; they are the caller's from here on.</summary>
    public IReadOnlyList<Tensor> Release()
    {
        Tensor[] result = [.. _made];
        _made.Clear();
        return result;
    }

    public void Dispose()
    {
        foreach (var tensor in _made) tensor.Dispose();
        _made.Clear();
    }

    private unsafe uint Fill(Tensor tensor, long bytes, long offset, TensorType type, string name)
    {
        if (bytes == 0) return 0;
        var target = (byte*)TensorMemory.Address(tensor);
        var crc = 0u;
        for (var done = 0L; done < bytes; done += ChunkBytes)
        {
            var piece = new Span<byte>(target + done, (int)Math.Min(ChunkBytes, bytes - done));
            source.Read(offset + done, piece);
            crc = Crc32.Append(crc, piece);
            if (type.Scalar == ScalarType.Bool && piece.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw CheckpointRefusedException.Corrupt($"The truth values of {Quoted.Text(name)} have bytes other than 0 and 1.");
        }

        GC.KeepAlive(tensor);
        return crc;
    }
}
