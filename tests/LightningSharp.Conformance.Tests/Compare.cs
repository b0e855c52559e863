using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>Says where two results differ; numbers may differ by a millionth, relative or absolute.</summary>
internal static class Compare
{
    public static bool Same(JsonNode? expected, JsonNode? actual, double tolerance = 1e-6)
    {
        if (expected is null || actual is null) return expected is null && actual is null;
        switch (expected, actual)
        {
            case (JsonObject a, JsonObject b): return a.Count == b.Count && a.All(entry => b.ContainsKey(entry.Key) && Same(entry.Value, b[entry.Key], tolerance));
            case (JsonArray a, JsonArray b): return a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second, tolerance));
        }

        var (kindA, kindB) = (expected.GetValueKind(), actual.GetValueKind());
        if (kindA != kindB) return false;
        if (kindA != JsonValueKind.Number) return expected.ToJsonString() == actual.ToJsonString();
        var (x, y) = (Number(expected), Number(actual));
        return Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Max(Math.Abs(x), Math.Abs(y)));
    }

    public static bool Same(Row a, Row b, double tolerance = 1e-6)
    {
        if (a.Key != b.Key || a.Stage != b.Stage || a.Epoch != b.Epoch || a.GlobalStep != b.GlobalStep || a.BatchIndex != b.BatchIndex || a.LoaderIndex != b.LoaderIndex) return false;
        // A logger of the user's runs on a thread of its own: grad mode is per thread.
        if (a.Source != "L" && (a.Grad != b.Grad || a.Training != b.Training)) return false;
        return Same(a.Info, b.Info, tolerance);
    }

    /// <summary>The rows that differ, as a short diff; empty when none do.</summary>
    public static List<string> Rows(IReadOnlyList<Row> expected, IReadOnlyList<Row> actual, double tolerance = 1e-6)
    {
        var (n, m) = (expected.Count, actual.Count);
        var length = new int[n + 1, m + 1];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = m - 1; j >= 0; j--)
                length[i, j] = Same(expected[i], actual[j], tolerance) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < n || j < m;)
        {
            if (i < n && j < m && Same(expected[i], actual[j], tolerance)) (i, j) = (i + 1, j + 1);
            else if (j == m || (i < n && length[i + 1, j] >= length[i, j + 1])) lines.Add($"- [{i}] {expected[i++]}");
            else lines.Add($"+ [{j}] {actual[j++]}");
        }

        return lines;
    }

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
