using LightningSharp.Checkpointing.Tensors;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>Makes nodes from the values of a program: checks that everything is plain data and registers the tensors. Runs on the caller's thread.</summary>
/// <param name="storages">Where tensors go.</param>
internal sealed class NodeImporter(StorageCollector storages)
{
    private const int MaxDepth = 200;
    private readonly List<string> _path = [];

    public DictNode Root<TValue>(IReadOnlyDictionary<string, TValue> root)
    {
        var allTensors = root.Count > 0 && root.Values.All(value => value is Tensor);
        var node = new DictNode(isOrderedDict: allTensors); // a bare state_dict
        foreach (var (key, value) in root) Add(node, key, value);
        return node;
    }

    private void Add(DictNode node, object key, object? value)
    {
        _path.Add(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "");
        if (_path.Count > MaxDepth) throw Problem($"is nested deeper than {MaxDepth} levels, or contains itself");
        var stateDict = _path is ["state_dict"];
        if (!node.TryAdd(key, Import(value, stateDict))) throw Problem("is there twice");
        _path.RemoveAt(_path.Count - 1);
    }

    private object? Import(object? value, bool ordered = false) => value switch
    {
        null or bool or long or double or BigInteger or byte[] or Complex => value,
        string text => IsWellFormed(text) ? text : throw Problem("is a text with half of a surrogate pair, which UTF-8 cannot hold"),
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => number <= long.MaxValue ? (long)number : new BigInteger(number),
        float number => (double)number,
        Half number => (double)number,
        Tensor tensor => storages.Add(tensor, Where()),
        CheckpointTuple tuple => Tuple(tuple),
        ITuple tuple => Tuple(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])),
        IReadOnlyDictionary<string, object?> dictionary => Text(dictionary, ordered),
        IReadOnlyDictionary<string, Tensor> dictionary => Text(dictionary, ordered: true),
        IDictionary dictionary => Any(dictionary, ordered),
        IReadOnlyDictionary<long, object?> dictionary => Numbers(dictionary),
        IReadOnlyDictionary<int, object?> dictionary => Numbers(dictionary),
        IEnumerable<object?> or ICollection => List((IEnumerable)value),
        OpaqueValue opaque => throw Problem($"is a value of the unknown Python class '{opaque.TypeName}', which cannot be written back"),
        _ => throw Problem($"is a {value.GetType()}"),
    };

    private DictNode Text<TValue>(IReadOnlyDictionary<string, TValue> dictionary, bool ordered)
    {
        var node = new DictNode(ordered);
        foreach (var (key, value) in dictionary) Add(node, key, value);
        return node;
    }

    private DictNode Numbers<TKey>(IReadOnlyDictionary<TKey, object?> dictionary)
        where TKey : notnull
    {
        var node = new DictNode();
        foreach (var (key, value) in dictionary) Add(node, Convert.ToInt64(key, CultureInfo.InvariantCulture), value);
        return node;
    }

    private DictNode Any(IDictionary dictionary, bool ordered)
    {
        var node = new DictNode(ordered);
        foreach (DictionaryEntry entry in dictionary)
        {
            var key = entry.Key switch
            {
                string or long or double or bool => entry.Key,
                int or short or byte or sbyte or ushort or uint => Convert.ToInt64(entry.Key, CultureInfo.InvariantCulture),
                _ => throw Problem($"has a key of type {entry.Key.GetType()}; keys are texts or whole numbers"),
            };
            Add(node, key, entry.Value);
        }

        return node;
    }

    private TupleNode Tuple(IEnumerable<object?> items) => new([.. Items(items)]);

    private ListNode List(IEnumerable items)
    {
        if (items is Array { Rank: > 1 } array) throw Problem($"is an array of {array.Rank} dimensions; make it a tensor");
        var node = new ListNode();
        node.Items.AddRange(Items(items));
        return node;
    }

    private IEnumerable<object?> Items(IEnumerable items)
    {
        var index = 0;
        foreach (var item in items)
        {
            _path.Add(index++.ToString(CultureInfo.InvariantCulture));
            if (_path.Count > MaxDepth) throw Problem($"is nested deeper than {MaxDepth} levels, or contains itself");
            yield return Import(item);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }

        return true;
    }

    private string Where() => _path.Count <= 12 ? string.Join('.', _path) : $"{string.Join('.', _path.Take(6))}.…";

    private CheckpointException Problem(string what) => new(
        $"The value at {Quoted.Text(Where())} cannot be saved: it {what}. A checkpoint holds null, bool, whole numbers, floating-point numbers, text, bytes, tensors, tuples, and lists and dictionaries of these.");
}
