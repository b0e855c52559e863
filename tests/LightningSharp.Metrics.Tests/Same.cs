using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Comparison of values, NaN equal to NaN.</summary>
internal static class Same
{
    /// <summary>Float32 sums in another order differ in the last digits.</summary>
    internal static void Values(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (a, b) = (Host(expected), Host(actual));
        for (var i = 0; i < a.Length; i++)
        {
            if (double.IsNaN(a[i]) && double.IsNaN(b[i])) continue;
            if (a[i].Equals(b[i])) continue;
            Assert.True(Math.Abs(a[i] - b[i]) <= tolerance * Math.Max(1, Math.Abs(a[i])), $"element {i}: expected {a[i]:G9}, got {b[i]:G9}; all expected [{string.Join(", ", a.Take(20))}], all got [{string.Join(", ", b.Take(20))}]");
        }
    }

    internal static void Recorded(JsonElement expected, Metric metric, double tolerance)
    {
        if (expected.ValueKind == JsonValueKind.Object && expected.TryGetProperty("d", out var named))
        {
            var actual = metric.ComputeNamed();
            foreach (var entry in named.EnumerateObject())
            {
                Assert.True(actual.ContainsKey(entry.Name), $"no \"{entry.Name}\" in {string.Join(", ", actual.Keys)}");
                Values(Catalogue.ToTensor(entry.Value), actual[entry.Name], tolerance);
            }

            return;
        }

        if (expected.ValueKind == JsonValueKind.Array)
        {
            Parts(expected, metric, tolerance);
            return;
        }

        var one = expected.ValueKind == JsonValueKind.Number ? tensor((float)expected.GetDouble()) : Catalogue.ToTensor(expected);
        Values(one, metric.Compute(), tolerance);
    }

    /// <summary>Several results: curves as columns, or a value with its threshold.</summary>
    private static void Parts(JsonElement expected, Metric metric, double tolerance)
    {
        using var value = metric.Compute();
        if (value.dim() < 2)
        {
            Values(Catalogue.ToTensor(expected[0]), value, tolerance);
            Values(Catalogue.ToTensor(expected[1]), metric.ComputeNamed()["threshold"], tolerance);
            return;
        }

        for (var part = 0; part < 3; part++)
        {
            var rows = value.select(-2, part);
            if (rows.dim() == 1) Row(expected[part], rows, tolerance);
            else
            {
                for (var c = 0; c < rows.size(0); c++) Row(expected[part], rows[c], tolerance, c);
            }
        }
    }

    private static void Row(JsonElement expected, Tensor row, double tolerance, int? column = null)
    {
        var want = Catalogue.ToTensor(expected.ValueKind == JsonValueKind.Array ? expected[column!.Value] : expected);
        if (want.dim() == 2) want = want[column!.Value];

        Values(want, row.narrow(0, 0, want.size(0)), tolerance);
        for (var i = want.size(0); i < row.size(0); i++) Assert.True(double.IsNaN(row[i].ToDouble()));
    }

    private static double[] Host(Tensor t) => t.to(float64).cpu().contiguous().data<double>().ToArray();
}
