using LightningSharp.Checkpointing.Pickling;
using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing.Tensors;

/// <summary>
/// Finds out which tensors look at the same memory. Each piece of memory becomes one record, cut to the part that is looked at, so that views stay views
/// and a view of something large does not drag all of it along.
/// </summary>
internal sealed class StorageCollector : IDisposable
{
    private readonly Dictionary<(nint Base, TensorType Type, DeviceType Device, int Index), Group> _groups = [];
    private readonly List<Group> _ordered = [];
    private readonly List<Tensor> _owned = [];

    public TensorNode Add(Tensor tensor, string where)
    {
        if (tensor.IsInvalid) throw Problem(where, "was disposed before the save");
        if (TensorType.Of(tensor.dtype) is not { } type) throw Problem(where, $"has the element type {tensor.dtype}, which the format does not have");
        if (tensor.is_sparse) throw Problem(where, "is sparse; save its dense form");
        if (tensor.device_type == DeviceType.META) throw Problem(where, "is on the meta device and has no values");
        if (tensor.is_conj() || tensor.is_neg()) tensor = Resolved(tensor);
        var (shape, stride, offset) = (tensor.shape, tensor.stride(), tensor.storage_offset());
        if (shape.Contains(0)) return Empty(type, shape, stride, tensor);

        var first = TensorMemory.Address(tensor) - (nint)(offset * type.Bytes);
        var key = (first, type, tensor.device_type, tensor.device_index);
        if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = Open(type, tensor, first);
        var last = offset;
        for (var i = 0; i < shape.Length; i++) last += (shape[i] - 1) * stride[i];
        group.Node.First = Math.Min(group.Node.First, offset);
        group.Last = Math.Max(group.Last, last);
        return new TensorNode(group.Node, offset, shape, stride);
    }

    /// <summary>All storages, in the order in which they were first seen. No tensor may be added after this.</summary>
    public IReadOnlyList<StorageContent> Finish()
    {
        foreach (var group in _ordered) group.Node.Elements = group.Last < group.Node.First ? 0 : group.Last - group.Node.First + 1;
        return _ordered.ConvertAll(group => new StorageContent(group.Node, group.Keeper, group.Base));
    }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private TensorNode Empty(TensorType type, long[] shape, long[] stride, Tensor tensor)
    {
        var group = Open(type, tensor, 0);
        group.Node.First = 0;
        return new TensorNode(group.Node, 0, shape, stride);
    }

    private Group Open(TensorType type, Tensor keeper, nint address)
    {
        var node = new StorageNode(_ordered.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), type, 0) { First = long.MaxValue };
        var group = new Group(node, keeper, address);
        _ordered.Add(group);
        return group;
    }

    // Conjugates and negatives may be marks on the memory of another tensor; the file has values only.
    private Tensor Resolved(Tensor tensor)
    {
        using var noGrad = no_grad();
        using var conjugated = tensor.resolve_conj();
        var plain = conjugated.resolve_neg().DetachFromDisposeScope();
        _owned.Add(plain);
        return plain;
    }

    private static CheckpointException Problem(string where, string what) => new($"The tensor at {Quoted.Text(where)} cannot be saved: it {what}.");

    private sealed class Group(StorageNode node, Tensor keeper, nint address)
    {
        public StorageNode Node { get; } = node;

        public Tensor Keeper { get; } = keeper;

        public nint Base { get; } = address;

        public long Last { get; set; } = -1;
    }
}
