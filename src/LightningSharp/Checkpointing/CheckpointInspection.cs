using System.Globalization;
using LightningSharp.Checkpointing.Pickling;

namespace LightningSharp.Checkpointing;

/// <summary>What is in a checkpoint file, as rows to print. Made by <see cref="CheckpointFile.Inspect"/>, which reads no tensor bytes.</summary>
public sealed record CheckpointInspection
{
    /// <summary>The full path of the file.</summary>
    public required string Source { get; init; }

    /// <summary>The container.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>The size of the file, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>The top-level keys, each with a short description.</summary>
    public required IReadOnlyList<ValueRow> Contents { get; init; }

    /// <summary>Every tensor, optimizer state included.</summary>
    public required IReadOnlyList<TensorRow> Tensors { get; init; }

    /// <summary>The hyper-parameters of the module and of the data module; for safetensors, the metadata.</summary>
    public required IReadOnlyList<ValueRow> HyperParameters { get; init; }

    /// <summary>Epoch, step, version and the progress counters of the fit loop.</summary>
    public required IReadOnlyList<ValueRow> Progress { get; init; }

    internal static CheckpointInspection Of(ByteSource source, OrderedDictionary<string, object?> root)
    {
        var leaves = PlainTree.Leaves(root).Where(leaf => leaf.Value is TensorNode).Select(leaf => (leaf.Path, Node: (TensorNode)leaf.Value!)).ToList(); // not null: filtered
        var uses = leaves.CountBy(leaf => leaf.Node.Storage).ToDictionary();
        return new CheckpointInspection
        {
            Source = source.Name,
            Format = CheckpointFormat.PyTorch,
            FileBytes = source.Length,
            Contents = [.. root.Select(entry => new ValueRow(Name(entry.Key), Describe(entry.Value)))],
            Tensors = [.. leaves.Select(leaf => new TensorRow(Name(leaf.Path), leaf.Node.Shape, leaf.Node.Type.Name, leaf.Node.Elements, leaf.Node.Bytes, uses[leaf.Node.Storage] > 1))],
            HyperParameters = [.. Rows(root, "hyper_parameters", ""), .. Rows(root, "datamodule_hyper_parameters", "datamodule.")],
            Progress = [.. ProgressRows(root)],
        };
    }

    internal static CheckpointInspection Of(ByteSource source, SafeTensorsHeader header) => new()
    {
        Source = source.Name,
        Format = CheckpointFormat.SafeTensors,
        FileBytes = source.Length,
        Contents = [],
        Tensors = [.. header.Entries.Select(entry => new TensorRow(Name(entry.Name), entry.Shape, entry.Type.Name, entry.Bytes / entry.Type.Bytes, entry.Bytes, false))],
        HyperParameters = [.. header.Metadata.Select(pair => new ValueRow(Name(pair.Key), Quoted.Text(pair.Value)))],
        Progress = [],
    };

    private static IEnumerable<ValueRow> ProgressRows(OrderedDictionary<string, object?> root)
    {
        foreach (var key in (string[])["epoch", "global_step", "pytorch-lightning_version"])
        {
            if (root.TryGetValue(key, out var value)) yield return new ValueRow(key, PlainTree.Show(value));
        }

        if (root.GetValueOrDefault("loops") is not OrderedDictionary<string, object?> loops || !loops.TryGetValue("fit_loop", out var fit)) yield break;
        foreach (var (path, value) in PlainTree.Leaves(fit))
        {
            if (value is long or bool) yield return new ValueRow(Name(path), PlainTree.Show(value));
        }
    }

    private static IEnumerable<ValueRow> Rows(OrderedDictionary<string, object?> root, string key, string prefix)
    {
        if (!root.TryGetValue(key, out var values)) return [];
        return PlainTree.Leaves(values).Select(leaf => new ValueRow(prefix + Name(leaf.Path), Describe(leaf.Value)));
    }

    private static string Describe(object? value)
    {
        if (value is TensorNode tensor) return $"{tensor.Type.Name} tensor {Quoted.Shape(tensor.Shape)}";
        var leaves = PlainTree.Leaves(value).Take(100_000).ToList();
        if (leaves is [{ Path: "" }]) return PlainTree.Show(value);
        var tensors = leaves.Where(leaf => leaf.Value is TensorNode).Select(leaf => (TensorNode)leaf.Value!).ToList(); // not null: filtered
        return tensors.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{leaves.Count:N0} values")
            : string.Create(CultureInfo.InvariantCulture, $"{tensors.Count:N0} tensors, {tensors.Sum(node => node.Bytes):N0} bytes");
    }

    // Names go to a terminal: as in messages, but without quotes around ordinary ones.
    private static string Name(string name)
    {
        var quoted = Quoted.Text(name);
        return quoted[1..^1] == name ? name : quoted;
    }
}
