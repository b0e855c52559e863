namespace LightningSharp.Terminal;

/// <summary>Sorts logged values into rows of metrics and columns of loaders.</summary>
internal static class EvaluationResults
{
    /// <summary>The table's content: metrics sorted by name.</summary>
    /// <param name="stage">Validate or Test.</param>
    /// <param name="metrics">The values; with several loaders the keys end in a slash and the loader's name.</param>
    /// <param name="loaders">Names to show for the loaders whose own name is not found in the keys.</param>
    public static EvaluationFacts Arrange(Stage stage, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> loaders)
    {
        var count = Math.Max(1, loaders.Count);
        var suffixes = new List<string>();
        var names = new SortedDictionary<string, double?[]>(StringComparer.Ordinal);
        foreach (var (key, value) in metrics)
        {
            var (name, loader) = count > 1 ? Split(key, suffixes, count) : (key, 0);
            if (!names.TryGetValue(name, out var row)) names[name] = row = new double?[count];
            row[loader] = value;
        }

        var shown = Enumerable.Range(0, count).Select(index => index < suffixes.Count ? Title(suffixes[index]) : index < loaders.Count ? loaders[index] : $"DataLoader {index}");
        return new(stage, [.. shown], [.. names.Select(entry => (entry.Key, entry.Value))]);
    }

    private static (string Name, int Loader) Split(string key, List<string> suffixes, int count)
    {
        var slash = key.LastIndexOf('/');
        if (slash < 0) return (key, 0);
        var suffix = key[(slash + 1)..];
        var loader = suffixes.IndexOf(suffix);
        if (loader < 0)
        {
            if (suffixes.Count == count) return (key, 0); // a slash of the user's own
            suffixes.Add(suffix);
            loader = suffixes.Count - 1;
        }

        return (key[..slash], loader);
    }

    private static string Title(string suffix)
        => suffix.StartsWith("dataloader_idx_", StringComparison.Ordinal) ? $"DataLoader {suffix["dataloader_idx_".Length..]}" : suffix;
}
