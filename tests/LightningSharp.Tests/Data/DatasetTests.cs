using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static TensorDataset Rows(int count, int from = 0) => new(arange(from, from + count, ScalarType.Float32).reshape(count, 1).expand(count, 3).clone(), arange(from, from + count));

    private static (Tensor X, Tensor Y) All(IDataset dataset, int workers = 0) => new DataLoader<(Tensor X, Tensor Y)>(dataset, batchSize: 1000, workers: workers).Single();

    private static long[] Labels(IDataset dataset, int workers = 0)
    {
        var (x, y) = All(dataset, workers);
        Assert.True(x.Equals(y.to(ScalarType.Float32).unsqueeze(1).expand_as(x)));   // rows and labels stay together
        return y.data<long>().ToArray();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Data_sets_of_whole_batches_can_be_cut_joined_and_split(int workers)
    {
        var rows = Rows(10);

        var (first, second) = rows.Split(0.7, seed: 3);

        Assert.Equal([7L, 2, 2], Labels(rows.Subset([7, 2, 2]), workers));
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => (long)i), 20, 21, 22], Labels(rows.Concat(Rows(3, 20)), workers));
        Assert.Equal([21L, 9, 0, 20, 22, 1], Labels(rows.Concat(Rows(3, 20)).Subset([11, 9, 0, 10, 12, 1]), workers));
        Assert.Equal((7, 3), (first.Count, second.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Labels(first, workers).Concat(Labels(second, workers)).Order());
    }

    [Fact]
    public void A_split_is_the_same_for_items_and_for_whole_batches()
    {
        var (batches, _) = Rows(50).Split(0.5, seed: 9);
        var (items, _) = Dataset.From(50, i => (long)i).Split(0.5, seed: 9);
        var (other, _) = Rows(50).Split(0.5, seed: 10);

        Assert.Equal(Enumerable.Range(0, items.Count).Select(i => items.Get(i)), Labels(batches));
        Assert.NotEqual(Labels(batches), Labels(other));
    }

    [Fact]
    public void Parts_that_cannot_be_are_refused()
    {
        var other = Assert.Throws<ArgumentException>(() => Rows(3).Concat(new TensorDataset(zeros(3, 2), arange(3))));

        Assert.Contains("Float32 [3]", other.Message, StringComparison.Ordinal);
        Assert.Contains("Float32 [2]", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(3).Subset([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(3).Subset([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(3).Split(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(3).Split(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.From(3, i => (float)i).Split(double.NaN));
    }
}
