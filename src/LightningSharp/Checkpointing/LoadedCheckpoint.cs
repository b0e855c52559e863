using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>
/// The contents of a checkpoint file, all of it verified. Values are null, <see cref="bool"/>, <see cref="long"/> (beyond 64 bits
/// <see cref="System.Numerics.BigInteger"/>), <see cref="double"/>, <see cref="string"/>, <c>byte[]</c>, <see cref="Tensor"/> on the CPU, <see cref="CheckpointTuple"/>,
/// <c>List&lt;object?&gt;</c> for lists and sets, and <c>OrderedDictionary&lt;string, object?&gt;</c>, or <c>OrderedDictionary&lt;long, object?&gt;</c> where all keys are
/// numbers (the <c>state</c> of an optimizer). An empty dictionary has text keys. Times and complex numbers arrive as .NET's, unknown classes as <see cref="OpaqueValue"/>.
/// It owns its tensors: they live until it is disposed, whatever dispose scope is open, and tensors that shared memory when saved share it here.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a checkpoint first; that it reads like a dictionary is how.")]
public sealed class LoadedCheckpoint : IReadOnlyDictionary<string, object?>, IDisposable
{
    private readonly OrderedDictionary<string, object?> _root;
    private readonly IReadOnlyList<Tensor> _tensors;

    internal LoadedCheckpoint(string source, CheckpointFormat format, OrderedDictionary<string, object?> root, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Source, Format, _root, _tensors, Metadata) = (source, format, root, tensors, metadata);

    /// <summary>The full path of the file, or "the stream".</summary>
    public string Source { get; }

    /// <summary>The container.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>The text metadata of a safetensors file; empty for others.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether it has the keys of a Lightning checkpoint, and is not just a dictionary of tensors.</summary>
    public bool IsLightning => ContainsKey("pytorch-lightning_version") && ContainsKey("state_dict");

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _root.Keys;

    /// <inheritdoc/>
    public IEnumerable<object?> Values => _root.Values;

    /// <inheritdoc/>
    public int Count => _root.Count;

    /// <inheritdoc/>
    public object? this[string key] => _root[key];

    /// <summary>
    /// The weights by name: the entry <c>state_dict</c> (or <c>model_state_dict</c>, <c>model</c>) when there is one, otherwise the tensors at the top level.
    /// The tensors stay owned by this object.
    /// </summary>
    /// <exception cref="CheckpointException">There are no weights in it.</exception>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        foreach (var name in (string[])["state_dict", "model_state_dict", "model"])
        {
            if (_root.GetValueOrDefault(name) is OrderedDictionary<string, object?> inner && inner.Values.Any(value => value is Tensor)) return TensorsOf(inner);
        }

        var result = TensorsOf(_root);
        if (result.Count > 0 || _root.ContainsKey("state_dict")) return result;
        throw new CheckpointException($"'{Source}' has no weights: neither a state_dict nor tensors at the top level. Its keys are {Quoted.Text(string.Join(", ", _root.Keys.Take(20)))}.");
    }

    /// <summary>The names of floating-point tensors that hold NaN or infinity, with their path in the file. Reads all values once.</summary>
    public IReadOnlyList<string> NonFiniteTensors()
    {
        var names = new List<string>();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (path, leaf) in PlainTree.Leaves(_root))
        {
            if (leaf is not Tensor tensor || !is_floating_point(tensor) || tensor.numel() == 0) continue;
            using var finite = isfinite(tensor).all();
            if (!finite.item<bool>()) names.Add(path);
        }

        return names;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _root.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => _root.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _root.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Frees all tensors of the checkpoint. Clone what must live longer.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
    }

    private static OrderedDictionary<string, Tensor> TensorsOf(OrderedDictionary<string, object?> dictionary)
    {
        var result = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary)
        {
            if (value is Tensor tensor) result.Add(key, tensor);
        }

        return result;
    }
}
