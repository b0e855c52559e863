using System.Globalization;

namespace LightningSharp.Dashboard.Runs;

/// <summary>
/// Reads the names and values of an <c>hparams.yaml</c> for lists and filters: nested names joined with <c>/</c>, items of a list with their position.
/// Block style only, as this library and Python's Lightning write it; a line that it does not understand is left out, never an error.
/// </summary>
internal static class HyperParameterText
{
    private const int MostNames = 1_000;

    internal static IReadOnlyList<KeyValuePair<string, string>> Read(string yaml)
    {
        List<KeyValuePair<string, string>> flat = [];
        List<(int Indent, string Name, int Items)> open = [];
        foreach (var raw in yaml.AsSpan().EnumerateLines())
        {
            var line = raw.TrimEnd();
            var content = line.TrimStart();
            if (content.IsEmpty || content[0] == '#' || flat.Count >= MostNames) continue;
            var indent = line.Length - content.Length;
            var item = content.StartsWith("- ") || content is "-";
            // the items of a list may stand at their key's own column
            while (open.Count > 0 && (open[^1].Indent > indent || (open[^1].Indent == indent && !(item && open[^1].Items >= 0)))) open.RemoveAt(open.Count - 1);
            if (item)
            {
                if (open.Count == 0) continue;
                var list = open[^1];
                open[^1] = list with { Items = list.Items + 1 };
                flat.Add(new(Path(open) + "/" + list.Items.ToString(CultureInfo.InvariantCulture), Scalar(content[1..])));
                continue;
            }

            var colon = Colon(content);
            if (colon <= 0) continue;
            var name = Scalar(content[..colon]);
            var value = content[(colon + 1)..].Trim();
            if (value.IsEmpty)
            {
                open.Add((indent, name, 0));
                continue;
            }

            flat.Add(new(open.Count == 0 ? name : Path(open) + "/" + name, Scalar(value)));
        }

        return flat;
    }

    private static string Path(List<(int Indent, string Name, int Items)> open) => string.Join('/', open.Select(level => level.Name));

    /// <summary>The colon that ends the key: outside of quotes, followed by a space or nothing.</summary>
    private static int Colon(ReadOnlySpan<char> text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0') quote = text[i] == quote ? '\0' : quote;
            else if (i == 0 && text[i] is '\'' or '"') quote = text[i];
            else if (text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' ')) return i;
        }

        return -1;
    }

    private static string Scalar(ReadOnlySpan<char> text)
    {
        var value = text.Trim();
        if (value.Length >= 2 && value[0] == value[^1] && value[0] is '\'' or '"')
        {
            var inner = value[1..^1].ToString();
            return value[0] == '\'' ? inner.Replace("''", "'", StringComparison.Ordinal) : inner;
        }

        return value.ToString();
    }
}
