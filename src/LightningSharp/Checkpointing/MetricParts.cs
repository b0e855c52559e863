using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>The metric objects that a module keeps in its fields, or in those of its sub-modules, by path: what they have seen belongs into a checkpoint.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Applications keep the fields of their modules, see build/LightningSharp.targets.")]
internal static class MetricParts
{
    public static Dictionary<string, object?> Save(nn.Module root) => Of(root).ToDictionary(part => part.Path, part => (object?)part.Part.StateDict());

    public static void Load(nn.Module root, IReadOnlyDictionary<string, object?>? states)
    {
        if (states is not { Count: > 0 }) return;
        foreach (var (path, part) in Of(root))
        {
            if (StateValue.Map(states.GetValueOrDefault(path)) is { } state) part.LoadStateDict(state);
        }
    }

    /// <summary>
    /// A module's state without what its metrics have seen, which some save with the weights: that is replaced and grows while a run goes on, and to average it or to take it
    /// back with the best weights would make no sense.
    /// </summary>
    public static Dictionary<string, Tensor> WeightsOf(nn.Module root)
    {
        var weights = root.state_dict();
        foreach (var (name, part) in root.named_modules())
        {
            if (part is not IMetric) continue;
            foreach (var key in weights.Keys.Where(key => key.StartsWith(name + ".", StringComparison.Ordinal)).ToList()) weights.Remove(key);
        }

        return weights;
    }

    public static IMetric? Find(nn.Module root, string path) => Of(root).FirstOrDefault(part => part.Path == path).Part;

    /// <summary>Whether a module, one of its layers or one of their metrics (a collection, a wrapper) keeps this very metric.</summary>
    public static bool Contains(nn.Module root, IMetric metric)
        => metric is nn.Module module ? root.modules().Contains(module, ReferenceEqualityComparer.Instance) : Of(root).Exists(part => ReferenceEquals(part.Part, metric));

    public static Func<IMetric, string?> PathOf(nn.Module root)
    {
        var parts = Of(root);
        return metric => parts.FirstOrDefault(part => ReferenceEquals(part.Part, metric)).Path;
    }

    // A metric keeps its own parts: what is inside of one is not looked at.
    private static List<(string Path, IMetric Part)> Of(nn.Module root)
    {
        var parts = new List<(string Path, IMetric Part)>();
        Collect(root, string.Empty, parts);
        return parts;
    }

    private static void Collect(nn.Module module, string path, List<(string Path, IMetric Part)> parts)
    {
        foreach (var (name, child) in module.named_children())
        {
            var inner = Join(path, name);
            if (child is IMetric metric) Add(inner, metric, parts);
            else Collect(child, inner, parts);
        }

        for (var type = module.GetType(); type is not null && type.Assembly != typeof(nn.Module).Assembly && type.Assembly != typeof(MetricParts).Assembly; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsValueType && field.GetValue(module) is IMetric metric and not nn.Module) Add(Join(path, field.Name), metric, parts);
            }
        }
    }

    private static void Add(string path, IMetric metric, List<(string Path, IMetric Part)> parts)
    {
        if (!parts.Exists(part => ReferenceEquals(part.Part, metric))) parts.Add((path, metric));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
