using System.Runtime.InteropServices;
using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp.Tabular;

/// <summary>
/// Columns of a CSV or Parquet file in memory, as a data set: batches are float32 features [B, F] and, if a label column was named, labels [B]:
/// float32 for regression, int64 for classes.
/// </summary>
/// <example><code>
/// var flowers = TableDataset.FromCsv("iris.csv", ["sepal_length", "petal_length"], label: "species", kind: LabelKind.Class);
/// var loader = new DataLoader&lt;(Tensor X, Tensor Y)&gt;(flowers, batchSize: 16, shuffle: true);
/// </code></example>
public sealed class TableDataset : IBatchDataset
{
    private readonly float[] _features;
    private readonly float[]? _numbers;
    private readonly long[]? _classes;

    internal TableDataset(IReadOnlyList<string> names, float[] features, float[]? numbers, long[]? classes, IReadOnlyList<string> classNames)
    {
        (FeatureNames, _features, _numbers, _classes, ClassNames) = (names, features, numbers, classes, classNames);
        var x = new Column("features", ScalarType.Float32, names.Count);
        Columns = numbers is not null ? [x, new("label", ScalarType.Float32)] : classes is not null ? [x, new("label", ScalarType.Int64)] : [x];
    }

    /// <summary>The feature columns, in the order of the tensor.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The texts that became the classes 0, 1, 2, … in ordinal order, whole numbers by their value; empty without classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int Count => _features.Length / FeatureNames.Count;

    /// <inheritdoc/>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Reads a CSV file with a header row; the delimiter is found out, numbers are in invariant notation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="features">Names of the numeric feature columns.</param>
    /// <param name="label">Name of the label column; null for none.</param>
    /// <param name="kind">Whether labels are numbers or classes.</param>
    /// <param name="classNames">The classes in order, so that training and test files agree; null: the texts that occur, in ordinal order, whole numbers by their value.</param>
    /// <exception cref="DataException">The file cannot be read, a column is missing, or a value is not a number; the message names file, row and column.</exception>
    public static TableDataset FromCsv(
        string path, IReadOnlyList<string> features, string? label = null, LabelKind kind = LabelKind.Number, IReadOnlyList<string>? classNames = null) =>
        Read(path, features, label, kind, classNames, static (path, builder) => CsvTable.Read(path, builder));

    /// <summary>Reads a Parquet file.</summary>
    /// <inheritdoc cref="FromCsv"/>
    public static TableDataset FromParquet(
        string path, IReadOnlyList<string> features, string? label = null, LabelKind kind = LabelKind.Number, IReadOnlyList<string>? classNames = null) =>
        Read(path, features, label, kind, classNames, static (path, builder) => ParquetTable.Read(path, builder).GetAwaiter().GetResult());

    /// <inheritdoc/>
    public void Fill(int column, ReadOnlySpan<int> indices, Span<byte> destination)
    {
        int width = FeatureNames.Count;
        if (column == 0)
        {
            var rows = MemoryMarshal.Cast<byte, float>(destination);
            for (int i = 0; i < indices.Length; i++)
                _features.AsSpan(indices[i] * width, width).CopyTo(rows[(i * width)..]);
        }
        else if (_numbers is not null)
        {
            Gather(_numbers, indices, MemoryMarshal.Cast<byte, float>(destination));
        }
        else
        {
            Gather(_classes, indices, MemoryMarshal.Cast<byte, long>(destination));
        }
    }

    private static void Gather<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, Span<T> target)
    {
        for (int i = 0; i < indices.Length; i++)
            target[i] = values[indices[i]];
    }

    private static TableDataset Read(
        string path, IReadOnlyList<string> features, string? label, LabelKind kind, IReadOnlyList<string>? classNames, Action<string, TableBuilder> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
            throw new ArgumentException("No feature column was named. Expected at least one.", nameof(features));
        var builder = new TableBuilder(path, features, label, kind, classNames);
        try
        {
            read(path, builder);
        }
        catch (Exception failure) when (failure is not LightningException)
        {
            throw new DataException($"{path} could not be read: {failure.Message}", failure);
        }

        return builder.Build();
    }
}
