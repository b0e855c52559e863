using System.Runtime.InteropServices;
using System.Text;
using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>
/// Copies weights into a module, all or nothing: keys, shapes and types are compared first, every problem is in one message, nothing is ever broadcast, and the parameters
/// stay the same objects, so that optimizers keep working.
/// </summary>
public static class StateDictLoader
{
    private const int MostLines = 12;

    /// <summary>Copies tensors into a module's parameters and buffers, in place and without gradients.</summary>
    /// <param name="module">The module. Its own <c>state_dict()</c> says which keys it has.</param>
    /// <param name="weights">Tensors by name, on any device; they are not changed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was copied and what was not.</returns>
    /// <exception cref="CheckpointException">Something does not fit. Nothing was copied.</exception>
    public static StateDictLoadResult Load(nn.Module module, IReadOnlyDictionary<string, Tensor> weights, StateDictLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(weights);
        MakeRoom(module, weights, options ?? StateDictLoadOptions.Default);
        return Load(module.state_dict(), weights, options, module.GetName());
    }

    /// <summary>Copies tensors into tensors of the same names, in place and without gradients.</summary>
    /// <param name="targets">The tensors to overwrite.</param>
    /// <param name="weights">Tensors by name, on any device; they are not changed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>What was copied and what was not.</returns>
    /// <exception cref="CheckpointException">Something does not fit. Nothing was copied.</exception>
    public static StateDictLoadResult Load(IReadOnlyDictionary<string, Tensor> targets, IReadOnlyDictionary<string, Tensor> weights, StateDictLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return Load(targets, weights, options, "the target");
    }

    // A metric that is saved with the weights may have seen more or less than the one that takes them.
    private static void MakeRoom(nn.Module module, IReadOnlyDictionary<string, Tensor> weights, StateDictLoadOptions options)
    {
        foreach (var (name, part) in module.named_modules().Append((string.Empty, module)))
        {
            if (part is not IMetric metric) continue;
            var prefix = name.Length == 0 ? string.Empty : name + ".";
            var entries = new Dictionary<string, Tensor>();
            foreach (var (key, weight) in weights)
            {
                if ((options.MapKey is null ? key : options.MapKey(key)) is { } mapped && mapped.StartsWith(prefix, StringComparison.Ordinal)) entries.TryAdd(mapped[prefix.Length..], weight);
            }

            metric.MakeRoom(entries);
        }
    }

    private static StateDictLoadResult Load(IReadOnlyDictionary<string, Tensor> targets, IReadOnlyDictionary<string, Tensor> weights, StateDictLoadOptions? options, string owner)
    {
        ArgumentNullException.ThrowIfNull(weights);
        options ??= StateDictLoadOptions.Default;
        var pairs = new List<(string Key, Tensor From, Tensor To)>(targets.Count);
        var unexpected = new List<string>();
        var mismatched = new List<string>();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, weight) in weights)
        {
            var key = options.MapKey is null ? name : options.MapKey(name);
            if (key is null) continue;
            if (!targets.TryGetValue(key, out var target)) unexpected.Add(name);
            else if (!found.Add(key)) mismatched.Add($"{Quoted.Text(key)}: several keys of the file are mapped to it");
            else if (Mismatch(weight, target, options.ConvertTypes) is { } problem) mismatched.Add($"{Quoted.Text(key)}: {problem}");
            else pairs.Add((key, weight, target));
        }

        var missing = targets.Keys.Where(key => !found.Contains(key)).ToList();
        var tolerated = !options.Strict && (mismatched.Count == 0 || options.SkipMismatched);
        if (!tolerated && missing.Count + unexpected.Count + mismatched.Count > 0) throw Problem(owner, missing, unexpected, mismatched, targets.Count, options);
        Copy(pairs, owner);
        return new StateDictLoadResult(pairs.ConvertAll(pair => pair.Key), missing, unexpected, mismatched);
    }

    private static string? Mismatch(Tensor weight, Tensor target, bool convertTypes)
    {
        if (weight.IsInvalid) return "the weight was disposed";
        if (target.IsInvalid) return "the tensor of the module was disposed";
        if (!weight.shape.AsSpan().SequenceEqual(target.shape)) return $"the file has the shape {Quoted.Shape(weight.shape)}, expected {Quoted.Shape(target.shape)}";
        if (weight.dtype != target.dtype && !convertTypes) return $"the file has the type {Name(weight.dtype)}, expected {Name(target.dtype)} (set {nameof(StateDictLoadOptions.ConvertTypes)} to convert)";
        if (weight.dtype != target.dtype && is_complex(weight) && !is_complex(target)) return $"the file has the type {Name(weight.dtype)}, which cannot become {Name(target.dtype)}";

        // copy_ refuses to write to elements that lie on one another, and it would do so half way through.
        var (shape, stride) = (target.shape, target.stride());
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] > 1 && stride[i] == 0) return "the tensor of the module is expanded, so that it cannot be written to";
        }

        return null;
    }

    private static void Copy(List<(string Key, Tensor From, Tensor To)> pairs, string owner)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (key, from, to) in pairs)
        {
            try
            {
                to.copy_(from);
            }
            catch (ExternalException exception)
            {
                throw new CheckpointException($"Copying {Quoted.Text(key)} into {owner} failed after its shape and type were found to fit: {exception.Message.Split('\n')[0]}. The device may be out of memory; the weights before it were copied.", exception);
            }
        }
    }

    private static CheckpointException Problem(string owner, List<string> missing, List<string> unexpected, List<string> mismatched, int expected, StateDictLoadOptions options)
    {
        var text = new StringBuilder($"The weights do not fit {owner}, which has {expected} tensors. Nothing was loaded.");
        Append(text, "Missing in the file", missing.ConvertAll(Quoted.Text));
        Append(text, "Unexpected in the file", unexpected.ConvertAll(Quoted.Text));
        Append(text, "Not fitting", mismatched);
        if (Prefix(missing, unexpected) is { } hint) text.Append('\n').Append(hint);
        else if (options.Strict && mismatched.Count == 0) text.Append($"\nSet {nameof(StateDictLoadOptions)}.{nameof(StateDictLoadOptions.Strict)} to false to load what is on both sides, or map names with {nameof(StateDictLoadOptions.MapKey)}.");
        return new CheckpointException(text.ToString());
    }

    // The usual cause: one side is wrapped in a module of some name.
    private static string? Prefix(List<string> missing, List<string> unexpected)
    {
        if (missing.Count == 0 || unexpected.Count == 0) return null;
        var (inner, outer) = (missing[0], unexpected.Find(name => name.EndsWith($".{missing[0]}", StringComparison.Ordinal)));
        if (outer is not null)
        {
            var prefix = outer[..^inner.Length];
            return $"The file's names have the prefix {Quoted.Text(prefix)}: set {nameof(StateDictLoadOptions.MapKey)} to name => name[{prefix.Length}..].";
        }

        var wanted = missing.Find(name => name.EndsWith($".{unexpected[0]}", StringComparison.Ordinal));
        return wanted is null ? null : $"The file's names lack the prefix {Quoted.Text(wanted[..^unexpected[0].Length])}: add it with {nameof(StateDictLoadOptions.MapKey)}.";
    }

    private static void Append(StringBuilder text, string title, List<string> lines)
    {
        if (lines.Count == 0) return;
        text.Append('\n').Append(title).Append(" (").Append(lines.Count).Append("): ").AppendJoin("; ", lines.Take(MostLines));
        if (lines.Count > MostLines) text.Append($"; and {lines.Count - MostLines} more");
    }

    private static string Name(ScalarType type) => TensorType.Of(type)?.Name ?? type.ToString();
}
