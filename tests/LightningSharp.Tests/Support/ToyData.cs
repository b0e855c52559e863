using static TorchSharp.torch;

namespace LightningSharp.Tests.Support;

/// <summary>Small made-up data: row i is a fixed function of i.</summary>
public static class ToyData
{
    /// <summary>Batches over the rows from <paramref name="offset"/>; the last one may be shorter.</summary>
    public static List<(Tensor X, Tensor Y)> Batches(int rows, int batch, int offset = 0)
    {
        var batches = new List<(Tensor X, Tensor Y)>();
        for (var start = 0; start < rows; start += batch)
        {
            var count = Math.Min(batch, rows - start);
            var x = new float[count * 4];
            var y = new float[count * 2];
            for (var row = 0; row < count; row++)
            {
                var i = offset + start + row;
                for (var j = 0; j < 4; j++) x[(row * 4) + j] = (float)((((7 * i) + (3 * j)) % 11) / 11.0);
                for (var k = 0; k < 2; k++) y[(row * 2) + k] = (float)((((5 * i) + (2 * k)) % 7) / 7.0);
            }

            // Copies: tensors over managed arrays are aligned as the arrays happen to be, and MKL's last bits depend on alignment.
            batches.Add((tensor(x, [count, 4]).clone(), tensor(y, [count, 2]).clone()));
        }

        return batches;
    }
}
