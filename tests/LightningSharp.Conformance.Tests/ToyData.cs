using System.Text.Json.Nodes;
using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>The cases' data: row i is a fixed function of i, computed in double and stored as float32.</summary>
internal static class ToyData
{
    public static (Tensor X, Tensor Y) Rows(int first, int count)
    {
        var x = new float[count * 4];
        var y = new float[count * 2];
        for (var row = 0; row < count; row++)
        {
            for (var j = 0; j < 4; j++) x[(row * 4) + j] = (float)((((7 * (first + row)) + (3 * j)) % 11) / 11.0);
            for (var k = 0; k < 2; k++) y[(row * 2) + k] = (float)((((5 * (first + row)) + (2 * k)) % 7) / 7.0);
        }

        return (tensor(x, [count, 4]).clone(), tensor(y, [count, 2]).clone());
    }

    /// <summary>The loader or loaders of a stage; null when the case has none.</summary>
    public static IEnumerable<(Tensor X, Tensor Y)>? Loader(JsonNode? spec, string stage)
    {
        var off = stage switch { "val" => 100, "test" => 200, "predict" => 300, _ => 0 };
        switch (spec)
        {
            case null: return null;
            case JsonArray list:
                var group = new LoaderGroup<(Tensor X, Tensor Y)>();
                for (var i = 0; i < list.Count; i++) group.Add(One(list[i]!.AsObject(), off + (50 * i)));
                return group;
            default: return One(spec.AsObject(), off);
        }
    }

    public static IEnumerable<(Tensor X, Tensor Y)> One(JsonObject spec, int off)
    {
        var first = (int?)spec["offset"] ?? off;
        int rows = (int)spec["n"]!, batch = (int)spec["batch"]!;
        if ((bool?)spec["iterable"] == true) return Stream(first, rows, batch);
        var (x, y) = Rows(first, rows);
        return new DataLoader<(Tensor X, Tensor Y)>(new TensorDataset(x, y), batch, shuffle: (bool?)spec["shuffle"] ?? false, dropLast: (bool?)spec["drop_last"] ?? false, seed: 0);
    }

    private static IEnumerable<(Tensor X, Tensor Y)> Stream(int first, int rows, int batch)
    {
        for (var start = 0; start < rows; start += batch) yield return Rows(first + start, Math.Min(batch, rows - start));
    }
}
