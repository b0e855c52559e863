using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Logging.TensorBoard;

/// <summary>One module in the picture of a model: scopes come from the slashes in its name.</summary>
internal sealed record GraphNode(string Name, string Kind, IReadOnlyList<string> Inputs, long Parameters)
{
    /// <summary>
    /// The modules without children of <paramref name="root"/>. Edges are drawn where the order is certain, inside a <c>Sequential</c>;
    /// how other modules use their children is written in C# and cannot be seen from here.
    /// </summary>
    internal static IReadOnlyList<GraphNode> Of(nn.Module root)
    {
        List<GraphNode> nodes = [];
        Visit(root, root.GetType().Name, null, nodes);
        return nodes;
    }

    /// <summary>Adds the leaves of a module; returns the leaf that its output comes from, if that is known.</summary>
    private static string? Visit(nn.Module module, string path, string? input, List<GraphNode> nodes)
    {
        var children = module.named_children().ToList();
        if (children.Count == 0)
        {
            nodes.Add(new(path, module.GetType().Name, input is null ? [] : [input], module.parameters(recurse: false).Sum(p => p.numel())));
            return path;
        }

        var isSequence = module.GetType().FullName?.StartsWith("TorchSharp.Modules.Sequential", StringComparison.Ordinal) == true;
        var previous = input;
        foreach (var (name, child) in children)
        {
            var output = Visit(child, $"{path}/{name}", isSequence ? previous : null, nodes);
            previous = isSequence ? output : null;
        }

        return isSequence ? previous : null;
    }
}
