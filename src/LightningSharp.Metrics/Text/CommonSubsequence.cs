namespace LightningSharp.Metrics.Text;

/// <summary>The longest sequence of words that two texts have in the same order, not necessarily side by side.</summary>
internal static class CommonSubsequence
{
    internal static int Length(string[] a, string[] b)
    {
        var row = new int[b.Length + 1];
        foreach (var word in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], word == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }

    /// <summary>Where the words of one such sequence stand in <paramref name="target"/>; of several, the one that a walk from the end finds first.</summary>
    internal static IEnumerable<int> Places(string[] pred, string[] target)
    {
        var lengths = Table(pred, target);
        for (var (i, j) = (pred.Length, target.Length); i > 0 && j > 0;)
        {
            if (pred[i - 1] == target[j - 1])
            {
                yield return j - 1;
                (i, j) = (i - 1, j - 1);
            }
            else if (lengths[j, i - 1] > lengths[j - 1, i])
            {
                i--;
            }
            else
            {
                j--;
            }
        }
    }

    private static int[,] Table(string[] pred, string[] target)
    {
        var lengths = new int[target.Length + 1, pred.Length + 1];
        for (var j = 1; j <= target.Length; j++)
        {
            for (var i = 1; i <= pred.Length; i++)
            {
                lengths[j, i] = target[j - 1] == pred[i - 1] ? lengths[j - 1, i - 1] + 1 : Math.Max(lengths[j - 1, i], lengths[j, i - 1]);
            }
        }

        return lengths;
    }
}
