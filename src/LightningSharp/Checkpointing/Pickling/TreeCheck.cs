namespace LightningSharp.Checkpointing.Pickling;

/// <summary>
/// What must hold for the whole tree before anything is made of it: a dictionary with text keys at the top, no value inside itself, bounded depth,
/// bounded size however often a value is referred to, and unknown classes among hyper-parameters only. No recursion.
/// </summary>
internal sealed class TreeCheck(CheckpointReadOptions options)
{
    /// <summary>Where unknown classes may stay as inert values.</summary>
    private static readonly string[] OpaquePlaces = ["hyper_parameters", "datamodule_hyper_parameters", "callbacks", "hparams_type", "datamodule_hparams_type"];

    private readonly Dictionary<object, Measures> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    public DictNode Check(object? root, IReadOnlyCollection<OpaqueNode> opaque)
    {
        if (root is OpaqueNode whole)
            throw CheckpointRefusedException.Unsafe($"It is a pickled object of {Quoted.Text(whole.Type.FullName)}, not a dictionary of plain data. Save its state_dict() with torch.save instead.");
        if (IsContainer(root)) Visit(root!); // not null: a container
        if (root is not DictNode dictionary) throw CheckpointRefusedException.Corrupt($"A checkpoint is a dictionary, but this is {PickleCalls.Describe(root)}.");
        foreach (var node in opaque)
        {
            if (!_done.ContainsKey(node))
                throw CheckpointRefusedException.Unsafe($"It calls {Quoted.Text(node.Type.FullName)} and throws the result away: that is how code is hidden in a checkpoint. Nothing was run.");
        }

        foreach (var (key, value) in dictionary.Entries)
        {
            if (key is not string name) throw CheckpointRefusedException.Corrupt($"The top-level keys of a checkpoint are texts, but one is {PickleCalls.Describe(key)}.");
            if (Measure(value).Unknown is { } type && (!options.KeepOpaqueValues || !OpaquePlaces.Contains(name)))
                throw CheckpointRefusedException.Unsafe($"Under the key {Quoted.Text(name)} stands {Quoted.Text(type)}, which is not plain data. Nothing was run. Save plain numbers, texts, lists, dictionaries and tensors instead.");
        }

        return dictionary;
    }

    private void Visit(object root)
    {
        var stack = new Stack<(object Node, bool Leave)>([(root, false)]);
        while (stack.TryPop(out var frame))
        {
            if (frame.Leave)
            {
                _open.Remove(frame.Node);
                _done[frame.Node] = Sum(frame.Node);
                continue;
            }

            if (_done.ContainsKey(frame.Node)) continue;
            if (!_open.Add(frame.Node)) throw CheckpointRefusedException.Corrupt("A value contains itself.");
            if (_open.Count > options.MaxDepth) throw TooDeep();
            stack.Push((frame.Node, true));
            foreach (var child in Children(frame.Node))
            {
                if (!IsContainer(child)) continue;
                if (_open.Contains(child!)) throw CheckpointRefusedException.Corrupt("A value contains itself."); // not null: a container
                stack.Push((child!, false));
            }
        }
    }

    private Measures Sum(object node)
    {
        var unknown = node switch
        {
            OpaqueNode opaque => opaque.Type.FullName,
            GlobalNode global => global.FullName,
            DictNode { ClassKey: { } key } => key,
            _ => null,
        };
        long size = 1;
        var depth = 0;
        foreach (var child in Children(node))
        {
            var of = Measure(child);
            size += of.Size;
            depth = Math.Max(depth, of.Depth);
            unknown ??= of.Unknown;
            if (size > options.MaxValues)
                throw CheckpointRefusedException.Limit($"There are more than {options.MaxValues:N0} values ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxValues)}).");
        }

        return depth + 1 > options.MaxDepth ? throw TooDeep() : new Measures(size, depth + 1, unknown);
    }

    private Measures Measure(object? node) => IsContainer(node) ? _done[node!] : new Measures(1, 0, null); // not null: a container

    private static bool IsContainer(object? node) => node is TupleNode or ListNode or DictNode or OpaqueNode or GlobalNode { Kind: GlobalKind.Unknown };

    private static IEnumerable<object?> Children(object node) => node switch
    {
        TupleNode tuple => tuple.Items,
        ListNode list => list.Items,
        DictNode dictionary => dictionary.Entries.Select(entry => entry.Value),
        OpaqueNode opaque => [opaque.Arguments, opaque.State, .. opaque.Items],
        _ => [],
    };

    private CheckpointRefusedException TooDeep() =>
        CheckpointRefusedException.Limit($"Values are nested deeper than {options.MaxDepth} levels ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxDepth)}).");

    // How many values a node stands for when every reference counts, how deep it goes, and the first unknown class in it.
    private readonly record struct Measures(long Size, int Depth, string? Unknown);
}
