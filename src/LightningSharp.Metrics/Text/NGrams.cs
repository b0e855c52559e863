namespace LightningSharp.Metrics.Text;

/// <summary>Runs of n words and how often they occur.</summary>
internal static class NGrams
{
    internal static Dictionary<string, int> Count(string[] words, int n)
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i + n <= words.Length; i++)
        {
            var gram = string.Join('\u0001', words, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }
}
