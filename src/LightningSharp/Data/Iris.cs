using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>
/// Fisher's 150 iris flowers of three species (1936), carried by the assembly itself. Batches are floats [B, 4] in centimetres, not normalised, and int64 labels [B]. The flowers are
/// sorted by species: shuffle them, and use <c>Split</c> for a part to validate on.
/// </summary>
/// <example><code>var (train, validation) = new Iris().Split(0.8, seed: 0);</code></example>
public sealed class Iris : IBatchDataset
{
    private const int Features = 4, Flowers = 150;
    private static readonly Lazy<(float[] Features, long[] Labels, string[] Classes)> Content = new(Read);

    /// <summary>Sepal length and width, petal length and width.</summary>
    public IReadOnlyList<string> FeatureNames { get; } = ["sepal_length", "sepal_width", "petal_length", "petal_width"];

    /// <summary>setosa, versicolor, virginica.</summary>
    public IReadOnlyList<string> ClassNames { get; } = Content.Value.Classes;

    /// <inheritdoc/>
    public int Count => Flowers;

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; } = [new("features", ScalarType.Float32, Features), new("species", ScalarType.Int64)];

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        var (features, labels, _) = Content.Value;
        for (int i = 0; i < indices.Length; i++)
        {
            if (column == 0)
                features.AsSpan(indices[i] * Features, Features).CopyTo(MemoryMarshal.Cast<byte, float>(destination).Slice(i * Features, Features));
            else
                MemoryMarshal.Cast<byte, long>(destination)[i] = labels[indices[i]];
        }
    }

    private static (float[] Features, long[] Labels, string[] Classes) Read()
    {
        var (features, labels, classes) = (new float[Flowers * Features], new long[Flowers], new List<string>());
        var lines = Encoding.UTF8.GetString(EmbeddedData.Read("iris.csv", 1 << 16)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int row = 0; row < Flowers; row++)
        {
            string[] parts = lines[row + 1].Trim().Split(',');   // the first line is the header
            for (int i = 0; i < Features; i++)
                features[(row * Features) + i] = float.Parse(parts[i], CultureInfo.InvariantCulture);
            if (!classes.Contains(parts[Features]))
                classes.Add(parts[Features]);
            labels[row] = classes.IndexOf(parts[Features]);
        }

        return (features, labels, [.. classes]);
    }
}
