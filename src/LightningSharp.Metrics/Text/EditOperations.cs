namespace LightningSharp.Metrics.Text;

/// <summary>How many edits turn one sequence into another, and how many items both have in their places.</summary>
/// <param name="Distance">Insertions, deletions and substitutions (V. Levenshtein, 1966).</param>
/// <param name="Hits">Items kept on a shortest way.</param>
internal readonly record struct EditOperations(int Distance, int Hits)
{
    internal static EditOperations Between<T>(IReadOnlyList<T> from, IReadOnlyList<T> to, int substitutionCost = 1)
        where T : IEquatable<T>
    {
        var (row, hits) = (new int[to.Count + 1], new int[to.Count + 1]);
        for (var j = 0; j <= to.Count; j++) row[j] = j;
        for (var i = 1; i <= from.Count; i++)
        {
            var (diagonal, diagonalHits) = (row[0], hits[0]);
            (row[0], hits[0]) = (i, 0);
            for (var j = 1; j <= to.Count; j++)
            {
                var same = from[i - 1].Equals(to[j - 1]);
                var best = (Cost: diagonal + (same ? 0 : substitutionCost), Hits: diagonalHits + (same ? 1 : 0));
                if (row[j] + 1 < best.Cost || (row[j] + 1 == best.Cost && hits[j] > best.Hits)) best = (row[j] + 1, hits[j]);
                if (row[j - 1] + 1 < best.Cost || (row[j - 1] + 1 == best.Cost && hits[j - 1] > best.Hits)) best = (row[j - 1] + 1, hits[j - 1]);
                (diagonal, diagonalHits) = (row[j], hits[j]);
                (row[j], hits[j]) = best;
            }
        }

        return new(row[to.Count], hits[to.Count]);
    }

    internal static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
