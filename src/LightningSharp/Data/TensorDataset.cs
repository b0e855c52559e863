using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// Tensors of equal length as a data set, one column each: batches are gathered row by row without an operation of libtorch and without a tensor per item.
/// </summary>
/// <example><code>var loader = new DataLoader&lt;(Tensor X, Tensor Y)&gt;(new TensorDataset(x, y), batchSize: 64, shuffle: true);</code></example>
public sealed class TensorDataset : IBatchDataset, IDisposable
{
    private readonly Tensor[] _tensors;
    private readonly Column[] _columns;

    /// <summary>Takes over references to the tensors; what is not contiguous or not on the CPU is copied once.</summary>
    /// <param name="tensors">At least one; all of the same first dimension, at most 2 GB each.</param>
    /// <exception cref="ArgumentException">There is no tensor, one has no dimension, or their first dimensions differ.</exception>
    public TensorDataset(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == 0)
            throw new ArgumentException("A tensor data set needs at least one tensor. Expected, for example, new TensorDataset(x, y).", nameof(tensors));
        foreach (var tensor in tensors)
            Check(tensor, tensors[0]);
        Count = checked((int)tensors[0].shape[0]);
        _columns = [.. tensors.Select((tensor, i) => new Column($"tensor {i}", tensor.dtype, tensor.shape.AsSpan(1)))];
        _tensors = Array.ConvertAll(tensors, Hold);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns => _columns;

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        int size = _columns[column].BytesPerItem;
        ReadOnlySpan<byte> source = _tensors[column].bytes;
        switch (size)
        {
            // numbers and labels: a plain loop is several times faster than copies of a few bytes
            case sizeof(int):
                Gather<int>(source, indices, destination);
                break;
            case sizeof(long):
                Gather<long>(source, indices, destination);
                break;
            default:
                for (int i = 0; i < indices.Length; i++)
                    source.Slice(indices[i] * size, size).CopyTo(destination.Slice(i * size, size));
                break;
        }

        GC.KeepAlive(this);   // the spans do not keep the tensors
    }

    /// <summary>Frees this data set's references; tensors of the caller stay as they are.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
    }

    private static void Gather<T>(ReadOnlySpan<byte> source, ReadOnlySpan<int> indices, Span<byte> destination)
        where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(source);
        var to = MemoryMarshal.Cast<byte, T>(destination)[..indices.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = from[indices[i]];
    }

    private static Tensor Hold(Tensor tensor)
    {
        if (tensor.numel() * ElementTypes.SizeOf(tensor.dtype) > int.MaxValue)
            throw new ArgumentException($"A tensor of shape [{string.Join(", ", tensor.shape)}] is larger than 2 GB. Split it over several data sets, each with a loader.", nameof(tensor));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return tensor.detach().cpu().contiguous().DetachFromDisposeScope();   // lives until Dispose; cpu and contiguous copy only where needed
    }

    private static void Check(Tensor tensor, Tensor first)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dim() == 0)
            throw new ArgumentException("A tensor data set cannot hold a tensor without dimensions. Expected a first dimension that counts the items.", nameof(tensor));
        if (tensor.shape[0] != first.shape[0])
        {
            throw new ArgumentException(
                $"The tensors of a data set must have equally many items: the first has {first.shape[0]}, another {tensor.shape[0]} (shape [{string.Join(", ", tensor.shape)}]).", nameof(tensor));
        }
    }
}
