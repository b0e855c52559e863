using System.Globalization;

namespace LightningSharp.Checkpointing;

/// <summary>Walks the values that a checkpoint was read into.</summary>
internal static class PlainTree
{
    /// <summary>All values that hold no others, with their dotted paths, in order. Empty containers count as leaves.</summary>
    public static IEnumerable<(string Path, object? Value)> Leaves(object? value, string path = "")
    {
        var children = Children(value);
        if (children is null || children.Count == 0) return [(path, value)];
        return children.SelectMany(child => Leaves(child.Value, path.Length == 0 ? child.Name : $"{path}.{child.Name}"));
    }

    /// <summary>A value as one short line of text.</summary>
    public static string Show(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        string text => Quoted.Text(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        byte[] bytes => $"{bytes.Length} bytes",
        CheckpointTuple { Count: 0 } => "()",
        _ when Children(value) is { Count: 0 } => value is IReadOnlyList<object?> ? "[]" : "{}",
        _ => value.ToString() ?? "",
    };

    private static IReadOnlyList<(string Name, object? Value)>? Children(object? value) => value switch
    {
        OrderedDictionary<string, object?> dictionary => [.. dictionary.Select(entry => (entry.Key, entry.Value))],
        OrderedDictionary<long, object?> dictionary => [.. dictionary.Select(entry => (Name(entry.Key), entry.Value))],
        OrderedDictionary<object, object?> dictionary => [.. dictionary.Select(entry => (Name(entry.Key), entry.Value))],
        IReadOnlyList<object?> list => [.. list.Select((item, index) => (Name(index), item))],
        _ => null,
    };

    private static string Name(object key) => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
}
