namespace LightningSharp.Diagnostics;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary><c> Did you mean 'val_loss'?</c>, or nothing when no name is near.</summary>
    public static string Hint(string given, IEnumerable<string> known)
    {
        var (best, distance) = (string.Empty, int.MaxValue);
        foreach (var name in known)
        {
            if (Distance(given, name) is var d && d < distance) (best, distance) = (name, d);
        }

        return distance <= Math.Max(2, given.Length / 3) ? $" Did you mean '{best}'?" : string.Empty;
    }

    // Levenshtein's distance, case and '-' against '_' not counted.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[b.Length];
    }

    private static bool Same(char a, char b) => a == b || char.ToLowerInvariant(a) == char.ToLowerInvariant(b) || (a is '-' or '_' or ' ' && b is '-' or '_' or ' ');
}
