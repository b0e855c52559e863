using LightningSharp.Data;
using Parquet;
using Parquet.Schema;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tabular.Tests;

public sealed class TableDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tables-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Csv(string content)
    {
        string path = Path.Combine(_folder, "table.csv");
        File.WriteAllText(path, content);
        return path;
    }

    [Fact]
    public void Csv_columns_become_features_and_classes()
    {
        var set = TableDataset.FromCsv(Csv("id,width,kind,height\n1,1.5,b,2\n2,-3e1,a,4\n3,0.25,b,6\n"), ["height", "width"], label: "kind", kind: LabelKind.Class);

        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 3).Single();

        Assert.Equal(["a", "b"], set.ClassNames);
        Assert.Equal([2f, 1.5f, 4, -30, 6, 0.25f], x.data<float>().ToArray());
        Assert.Equal([3L, 2], x.shape);
        Assert.Equal([1L, 0, 1], y.data<long>().ToArray());
    }

    [Fact]
    public void Numbers_as_labels_are_floats_and_a_label_is_optional()
    {
        string path = Csv("a;b\n1;2\n3;4\n");

        var (_, y) = new DataLoader<(Tensor X, Tensor Y)>(TableDataset.FromCsv(path, ["a"], label: "b"), batchSize: 2).Single();
        var x = new DataLoader<Tensor>(TableDataset.FromCsv(path, ["a"]), batchSize: 2).Single();

        Assert.Equal([2f, 4], y.data<float>().ToArray());
        Assert.Equal([1f, 3], x.data<float>().ToArray());
    }

    [Theory]
    [InlineData("a,b\n1,x\n", "row 0, column 'b': expected a number, received 'x'")]
    [InlineData("a,b\n1,2\n3,\n", "row 1, column 'b': expected a number, received nothing")]
    [InlineData("a,b\n1,2\n3\n", "row 1: expected 2 fields")]
    [InlineData("a,c\n1,2\n", "has no column 'b'. Expected one of: a, c")]
    [InlineData("a,b\n", "no rows")]
    public void Bad_csv_files_are_refused_with_row_and_column(string content, string expected)
    {
        var error = Assert.Throws<DataException>(() => TableDataset.FromCsv(Csv(content), ["a", "b"]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("table.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_unknown_classes_are_refused()
    {
        var missing = Assert.Throws<DataException>(() => TableDataset.FromCsv(Path.Combine(_folder, "none.csv"), ["a"]));
        var unknown = Assert.Throws<DataException>(() => TableDataset.FromCsv(Csv("a,b\n1,x\n"), ["a"], "b", LabelKind.Class, ["y", "z"]));

        Assert.Contains("none.csv", missing.Message, StringComparison.Ordinal);
        Assert.Contains("class 'x' is not among the given ones (y, z)", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_columns_of_all_types_become_features_and_classes()
    {
        string path = Path.Combine(_folder, "table.parquet");
        var (a, b, kind) = (new DataField<double>("a"), new DataField<int?>("b"), new DataField<string>("kind"));
        await Write(path, a, b, kind, [5, 6], [7, 8]);

        var set = TableDataset.FromParquet(path, ["a", "b"], label: "kind", kind: LabelKind.Class);
        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 4).Single();

        Assert.Equal([1f, 5, 2, 6, 1, 7, 2, 8], x.data<float>().ToArray());
        Assert.Equal([1L, 0, 1, 0], y.data<long>().ToArray());
    }

    [Fact]
    public void Class_labels_that_are_whole_numbers_keep_their_order_and_texts_theirs()
    {
        string rows = string.Join('\n', new[] { 11, 2, 0, 10, 1, 9, 3, 4, 5, 6, 7, 8 }.Select(label => $"1,{label}"));

        var numbers = TableDataset.FromCsv(Csv("a,b\n" + rows), ["a"], "b", LabelKind.Class);
        var texts = TableDataset.FromCsv(Csv("a,b\n1,10\n1,x\n1,9\n"), ["a"], "b", LabelKind.Class);
        var (_, y) = new DataLoader<(Tensor X, Tensor Y)>(numbers, batchSize: 12).Single();

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), numbers.ClassNames);
        Assert.Equal([11L, 2, 0, 10, 1, 9, 3, 4, 5, 6, 7, 8], y.data<long>().ToArray());   // class 10 is 10, not the third
        Assert.Equal(["10", "9", "x"], texts.ClassNames);
    }

    [Fact]
    public async Task Parquet_columns_of_unsigned_and_decimal_numbers_are_features()
    {
        string path = Path.Combine(_folder, "unsigned.parquet");
        var (a, b, c, d) = (new DataField<uint>("a"), new DataField<ushort>("b"), new DataField<ulong>("c"), new DataField<decimal>("d"));
        await using (var file = File.Create(path))
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(a, b, c, d), file);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<uint>(a, new uint[] { 3_000_000_000, 1 }.AsMemory());
            await group.WriteAsync<ushort>(b, new ushort[] { 65_535, 2 }.AsMemory());
            await group.WriteAsync<ulong>(c, new ulong[] { 5, 6 }.AsMemory());
            await group.WriteAsync<decimal>(d, new[] { 0.25m, 1.5m }.AsMemory());
        }

        var x = new DataLoader<Tensor>(TableDataset.FromParquet(path, ["a", "b", "c", "d"]), batchSize: 2).Single();

        Assert.Equal([3e9f, 65_535, 5, 0.25f, 1, 2, 6, 1.5f], x.data<float>().ToArray());
    }

    [Fact]
    public async Task Parquet_gaps_and_damage_are_refused()
    {
        string path = Path.Combine(_folder, "table.parquet");
        var (a, b, kind) = (new DataField<double>("a"), new DataField<int?>("b"), new DataField<string>("kind"));
        await Write(path, a, b, kind, [5, 6], [7, null]);
        string cut = Path.Combine(_folder, "cut.parquet");
        File.WriteAllBytes(cut, File.ReadAllBytes(path)[..100]);

        var gap = Assert.Throws<DataException>(() => TableDataset.FromParquet(path, ["a", "b"]));
        var damage = Assert.Throws<DataException>(() => TableDataset.FromParquet(cut, ["a", "b"]));

        Assert.Contains("row 3, column 'b'", gap.Message, StringComparison.Ordinal);
        Assert.Contains("cut.parquet could not be read", damage.Message, StringComparison.Ordinal);
    }

    /// <summary>One row group per list.</summary>
    private static async Task Write(string path, DataField a, DataField b, DataField kind, params int?[][] groups)
    {
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(a, b, kind), file);
        foreach (var values in groups)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(a, new double[] { 1, 2 }.AsMemory());
            await group.WriteAsync<int>(b, values.AsMemory());
            await group.WriteAsync(kind, (string[])["y", "x"]);
        }
    }
}
