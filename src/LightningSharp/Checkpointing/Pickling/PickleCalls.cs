using System.Numerics;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>
/// What the calls in a pickle mean. Each allowed name has a fixed meaning here, over arguments whose kinds are checked; every other name becomes an
/// <see cref="OpaqueNode"/>, which <see cref="TreeCheck"/> lets through among hyper-parameters only.
/// </summary>
/// <param name="recordBytes">The size of the record of a storage, or null when there is none.</param>
/// <param name="options">The limits.</param>
internal sealed class PickleCalls(Func<string, long?> recordBytes, CheckpointReadOptions options)
{
    private static readonly object NoMatch = new();
    private readonly TensorCalls _tensors = new(recordBytes, options);

    /// <summary>Every unknown class or function that the file wants to call.</summary>
    public List<OpaqueNode> Opaque { get; } = [];

    /// <summary>The first name outside of the allow-list that is called.</summary>
    public string? FirstUnknown => Opaque.Count == 0 ? null : Opaque[0].Type.FullName;

    public static GlobalNode Global(string module, string name)
    {
        var global = KnownGlobals.Find(module, name);
        if (global.Kind == GlobalKind.Unknown && KnownGlobals.IsForeignTensor(module, name))
            throw CheckpointRefusedException.Version($"It holds tensors of a kind that is not read ({Quoted.Text(global.FullName)}): quantized, sparse, or of a type that TorchSharp does not have. Convert them to dense tensors in Python and save again.");
        if (global.Kind == GlobalKind.Unknown && KnownGlobals.Runs(module, name))
            throw CheckpointRefusedException.Unsafe($"It names {Quoted.Text(global.FullName)}, which runs or loads things and has no place in a checkpoint. Nothing was run. Do not load this file elsewhere unless you know why it does that.");
        return global;
    }

    public StorageNode Storage(object? id) => _tensors.Storage(id);

    public object? Reduce(object? function, object? arguments)
    {
        if (function is not GlobalNode global || arguments is not TupleNode tuple) throw Corrupt("REDUCE needs a name and a tuple");
        if (global.Kind == GlobalKind.Unknown) return Keep(new OpaqueNode(global, tuple));
        if (global.Kind == GlobalKind.RebuildFromType) return RebuildFromType(tuple.Items);
        var result = Containers(global.Kind, tuple.Items);
        if (ReferenceEquals(result, NoMatch)) result = _tensors.Rebuild(global.Kind, tuple.Items) ?? NoMatch;
        if (ReferenceEquals(result, NoMatch)) result = Values(global.Kind, tuple.Items);
        if (!ReferenceEquals(result, NoMatch)) return result;
        throw tuple.Items.OfType<GlobalNode>().FirstOrDefault(node => node.Kind == GlobalKind.Unknown) is { } smuggled
            ? CheckpointRefusedException.Unsafe($"It hands {Quoted.Text(smuggled.FullName)} to {global.FullName}, which is no plain data.")
            : Corrupt($"{global.FullName} is called with arguments that do not fit");
    }

    public object? NewObject(object? type, object? arguments)
    {
        if (type is not GlobalNode global || arguments is not TupleNode tuple) throw Corrupt("NEWOBJ needs a class and a tuple");
        return global.Kind switch
        {
            GlobalKind.Unknown => Keep(new OpaqueNode(global, tuple)),
            GlobalKind.Namespace or GlobalKind.Dict or GlobalKind.OrderedDict or GlobalKind.Counter or GlobalKind.DefaultDict when tuple.Items.Length == 0 => new DictNode(global.Kind == GlobalKind.OrderedDict),
            GlobalKind.List when tuple.Items.Length == 0 => new ListNode(),
            _ => Reduce(type, arguments),
        };
    }

    public static object? Build(object? target, object? state)
    {
        switch (target)
        {
            case OpaqueNode opaque:
                opaque.State = state;
                return opaque;
            case NumpyTypeNode type when state is TupleNode { Items: [_, string order, ..] }:
                type.BigEndian = order == ">";
                return type;
            case DictNode { IsOrderedDict: true } dictionary when state is DictNode or null:
                return dictionary; // torch's _metadata (module versions), which nothing here needs
            case DictNode dictionary when state is DictNode attributes:
                foreach (var (key, value) in attributes.Entries)
                {
                    if (!dictionary.TryAdd(key, value)) throw Corrupt($"the attribute {Quoted.Text(key.ToString() ?? "")} is there twice");
                }

                return dictionary;
            case GlobalNode global:
                throw CheckpointRefusedException.Unsafe($"It changes the class or module {Quoted.Text(global.FullName)} itself, which no checkpoint does.");
            default:
                throw Corrupt($"BUILD sets the state of something that has none ({Describe(target)})");
        }
    }

    /// <summary>A key as it may stand in a dictionary, or null.</summary>
    public static object? DictionaryKey(object? key) => key is string or long or double or bool ? key : null;

    internal static string Describe(object? node) => node switch
    {
        null => "None",
        string => "text",
        long or BigInteger => "a whole number",
        double => "a number",
        bool => "True or False",
        byte[] => "bytes",
        TupleNode => "a tuple",
        ListNode => "a list",
        DictNode => "a dictionary",
        TensorNode => "a tensor",
        GlobalNode global => $"the name {Quoted.Text(global.FullName)}",
        OpaqueNode opaque => $"an object of {Quoted.Text(opaque.Type.FullName)}",
        _ => node.GetType().Name,
    };

    private OpaqueNode Keep(OpaqueNode node)
    {
        Opaque.Add(node);
        return node;
    }

    private object? RebuildFromType(object?[] items) => items is [GlobalNode { Kind: GlobalKind.RebuildTensorV2 or GlobalKind.RebuildTensorV3 or GlobalKind.RebuildParameter } function, GlobalNode { Kind: GlobalKind.TensorClass }, TupleNode inner, ..]
        ? Reduce(function, inner)
        : throw CheckpointRefusedException.Unsafe("It holds a tensor of a class that is not torch's own. Convert it to a plain tensor in Python and save again.");

    private object Containers(GlobalKind kind, object?[] items) => (kind, items) switch
    {
        (GlobalKind.OrderedDict or GlobalKind.Dict or GlobalKind.Counter or GlobalKind.Namespace, []) => new DictNode(kind == GlobalKind.OrderedDict),
        (GlobalKind.OrderedDict or GlobalKind.Dict, [ListNode pairs]) => FromPairs(pairs, kind == GlobalKind.OrderedDict),
        (GlobalKind.Dict or GlobalKind.Counter or GlobalKind.Namespace, [DictNode dictionary]) => dictionary,
        (GlobalKind.DefaultDict, [] or [null or GlobalNode { Kind: not GlobalKind.Unknown }]) => new DictNode(),
        (GlobalKind.DefaultDict, [null or GlobalNode { Kind: not GlobalKind.Unknown }, DictNode dictionary]) => dictionary,
        (GlobalKind.List, []) => new ListNode(),
        (GlobalKind.Set, []) => new ListNode(isSet: true),
        (GlobalKind.Set, [ListNode list]) => AsSet(list),
        (GlobalKind.Size, [TupleNode tuple]) when tuple.Items.All(item => item is long) => tuple,
        (GlobalKind.Range, [long or null, long or null, long or null]) => new TupleNode(items),
        _ => NoMatch,
    };

    private static object Values(GlobalKind kind, object?[] items) => (kind, items) switch
    {
        (GlobalKind.Encode, [string text, "latin1" or "latin-1"]) => Latin1(text) ?? NoMatch,
        (GlobalKind.Bytes or GlobalKind.ByteArray, []) => Array.Empty<byte>(),
        (GlobalKind.Bytes or GlobalKind.ByteArray, [byte[] bytes]) => bytes,
        (GlobalKind.ByteArray, [string text, "latin1" or "latin-1"]) => Latin1(text) ?? NoMatch,
        (GlobalKind.Complex, [double re, double im]) => new Complex(re, im),
        (GlobalKind.Device, [string name]) => name,
        (GlobalKind.Device, [string name, long index]) => $"{name}:{index}",
        (GlobalKind.Path, _) when items.Length < 1000 && items.All(item => item is string) => JoinPath(items),
        (GlobalKind.TimeSpan, [long days, long seconds, long micros]) => PlainTime.Span(days, seconds, micros) ?? NoMatch,
        (GlobalKind.DateTime, [byte[] bytes]) => PlainTime.Date(bytes) ?? NoMatch,
        (GlobalKind.NumpyDType, [string code, ..]) => new NumpyTypeNode(code),
        (GlobalKind.NumpyScalar, [NumpyTypeNode type, byte[] bytes]) => NumpyNumber.Decode(type, bytes) ?? NoMatch,
        _ => NoMatch,
    };

    private DictNode FromPairs(ListNode pairs, bool ordered)
    {
        var result = new DictNode(ordered);
        foreach (var pair in pairs.Items)
        {
            var (key, value) = pair switch
            {
                TupleNode { Items: [var k, var v] } => (k, v),
                ListNode { Items: [var k, var v] } => (k, v),
                _ => throw Corrupt("a dictionary is built from something that is no pair"),
            };
            if (DictionaryKey(key) is not { } plain || (plain is string { Length: var length } && length > options.MaxKeyLength) || !result.TryAdd(plain, value))
                throw Corrupt("a dictionary is built from a key that is not plain, too long, or there twice");
        }

        return result;
    }

    private static ListNode AsSet(ListNode list)
    {
        var set = new ListNode(isSet: true);
        set.Items.AddRange(list.Items);
        return set;
    }

    private static byte[]? Latin1(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff')) return null;
        return System.Text.Encoding.Latin1.GetBytes(text);
    }

    private static string JoinPath(object?[] parts) => parts.Length > 1 && parts[0] is "/" or "\\"
        ? (string)parts[0]! + string.Join('/', parts[1..]) // not null: it matched a text
        : string.Join('/', parts);

    private static CheckpointRefusedException Corrupt(string what) => CheckpointRefusedException.Corrupt($"In data.pkl {what}.");
}
