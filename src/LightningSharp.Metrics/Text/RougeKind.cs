using System.Globalization;

namespace LightningSharp.Metrics.Text;

/// <summary>One of ROUGE's counts, by its name: rouge1 … rouge9 for runs of words, rougeL, rougeLsum.</summary>
/// <param name="Key">The name.</param>
/// <param name="Words">The length of a run; 0 for a longest common subsequence.</param>
internal readonly record struct RougeKind(string Key, int Words)
{
    internal static RougeKind Parse(string key) => key switch
    {
        "rougeL" or "rougeLsum" => new(key, 0),
        ['r', 'o', 'u', 'g', 'e', >= '1' and <= '9' and var digit] => new(key, int.Parse([digit], CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"ROUGEScore knows rouge1 … rouge9, rougeL and rougeLsum. Received: {(key is null ? "null" : $"\"{key}\"")}.", nameof(key)),
    };

    /// <summary>Precision, recall and F of two texts, each given as words and as sentences of words.</summary>
    internal double[] Score(RougeText pred, RougeText target)
    {
        if (Words > 0) return Overlap(pred.Words, target.Words, Words);
        return Key == "rougeL" ? Ratios(CommonSubsequence.Length(pred.Words, target.Words), pred.Words.Length, target.Words.Length) : OfSentences(pred.Sentences, target.Sentences);
    }

    private static double[] Overlap(string[] pred, string[] target, int n)
    {
        var (p, t) = (NGrams.Count(pred, n), NGrams.Count(target, n));
        return Ratios(p.Sum(g => Math.Min(g.Value, t.GetValueOrDefault(g.Key))), p.Values.Sum(), t.Values.Sum());
    }

    /// <summary>
    /// For each sentence of the target, its words that any sentence of the prediction has in order. A word counts no more often than both texts have it.
    /// </summary>
    private static double[] OfSentences(string[][] pred, string[][] target)
    {
        var (mine, theirs) = (NGrams.Count([.. pred.SelectMany(s => s)], 1), NGrams.Count([.. target.SelectMany(s => s)], 1));
        var hits = 0;
        foreach (var sentence in target)
        {
            var found = new SortedSet<int>(pred.SelectMany(p => CommonSubsequence.Places(p, sentence)));
            foreach (var word in found.Select(at => sentence[at]))
            {
                if (mine.GetValueOrDefault(word) == 0 || theirs.GetValueOrDefault(word) == 0) continue;
                hits++;
                mine[word]--;
                theirs[word]--;
            }
        }

        return Ratios(hits, pred.Sum(s => s.Length), target.Sum(s => s.Length));
    }

    private static double[] Ratios(double common, double predicted, double wanted)
    {
        if (common == 0) return [0, 0, 0];
        var (precision, recall) = (common / predicted, common / wanted);
        return [precision, recall, 2 * precision * recall / (precision + recall)];
    }
}
