using System.Runtime.InteropServices;
using LightningSharp.Checkpointing.Pickling;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing.Tensors;

/// <summary>The bytes of one storage on their way to a file: live tensor memory, or a private copy of it.</summary>
internal sealed unsafe class StorageContent(StorageNode node, Tensor keeper, nint address) : IDisposable
{
    private const int ChunkBytes = 1 << 20;
    private void* _copy;

    public StorageNode Node { get; } = node;

    /// <summary>Copies the bytes, so that the tensors may change from now on.</summary>
    public void Snapshot()
    {
        if (Node.Bytes == 0) return;
        _copy = NativeMemory.Alloc((nuint)Node.Bytes);
        Use(source => Buffer.MemoryCopy((void*)source, _copy, Node.Bytes, Node.Bytes));
    }

    /// <summary>Hands the bytes over in pieces. Each piece is a copy: what is hashed is what is written, whatever other threads do to the tensor.</summary>
    public void Read(Action<ReadOnlyMemory<byte>> sink)
    {
        if (Node.Bytes == 0) return;
        if (_copy is not null) Pieces((nint)_copy, sink);
        else Use(source => Pieces(source, sink));
    }

    public void Dispose()
    {
        NativeMemory.Free(_copy);
        _copy = null;
    }

    private void Pieces(nint source, Action<ReadOnlyMemory<byte>> sink)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var done = 0L; done < Node.Bytes; done += ChunkBytes)
            {
                var count = (int)Math.Min(ChunkBytes, Node.Bytes - done);
                new ReadOnlySpan<byte>((byte*)source + done, count).CopyTo(buffer);
                sink(buffer.AsMemory(0, count));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Use(Action<nint> action)
    {
        if (keeper.device_type == DeviceType.CPU)
        {
            action(address + (nint)(Node.First * Node.Type!.Bytes)); // not null: typed by the collector
            GC.KeepAlive(keeper);
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var onHost = keeper.as_strided([Node.Elements], [1], Node.First).cpu();
        action(Native.TensorMemory.Address(onHost));
        GC.KeepAlive(onHost);
    }
}
