namespace LightningSharp.Logging;

/// <summary>
/// <c>hparams.yaml</c>: the hyper-parameters of a run as YAML that both YAML 1.1 and 1.2 readers understand the same way
/// (numbers always look like numbers to them, text that could be mistaken for something else is quoted).
/// </summary>
public static class HyperParametersFile
{
    /// <summary>The usual file name.</summary>
    public const string FileName = "hparams.yaml";

    /// <summary>Writes the file; one that exists is replaced in one step, so that a reader never sees half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">Plain data, nested as deep as needed; enums become their names, other objects their text.</param>
    public static void Write(string path, IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(parameters);
        WholeFile.WriteText(path, ToYaml(parameters));
    }

    /// <summary>The text that <see cref="Write"/> puts into the file.</summary>
    public static string ToYaml(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return YamlText.Of(parameters);
    }

    /// <summary>
    /// One flat list of names and texts, nested names joined with <c>/</c> and positions in lists as numbers: for trackers and tables that know no nesting.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> Flatten(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<string, object?> flat = new(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            Flatten(name, PlainValue.Of(value), flat, depth: 0);
        }

        return flat;
    }

    private static void Flatten(string name, object? value, Dictionary<string, object?> flat, int depth)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> { Count: > 0 } map when depth < PlainValue.MaxDepth:
                foreach (var (key, item) in map)
                {
                    Flatten($"{name}/{key}", PlainValue.Of(item), flat, depth + 1);
                }

                break;
            case IReadOnlyList<object?> { Count: > 0 } list when depth < PlainValue.MaxDepth:
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten($"{name}/{i}", PlainValue.Of(list[i]), flat, depth + 1);
                }

                break;
            case IReadOnlyDictionary<string, object?> or IReadOnlyList<object?>:
                flat[name] = value is IReadOnlyDictionary<string, object?> ? "{}" : "[]";
                break;
            default:
                flat[name] = value;
                break;
        }
    }
}
