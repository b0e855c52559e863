using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public class SpanDatasetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_function_that_writes_in_place_gives_the_batches_that_items_as_arrays_give(int workers)
    {
        var inPlace = Dataset.From(10, [2, 3], (int index, Span<float> item) => Write(index, item), index => (long)(index % 3));
        var items = Dataset.From(10, index =>
        {
            var item = new float[2, 3];
            Write(index, System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref item[0, 0], 6));
            return (item, (long)(index % 3));
        });

        using var scope = NewDisposeScope();
        var a = new DataLoader<(Tensor X, Tensor Y)>(inPlace, 4, shuffle: true, workers: workers, seed: 3).ToList();
        var b = new DataLoader<(Tensor X, Tensor Y)>(items, 4, shuffle: true, seed: 3).ToList();

        Assert.Equal(3, a.Count);
        Assert.Equal([4, 2, 3], a[0].X.shape);
        Assert.Equal([2, 2, 3], a[2].X.shape);
        foreach (var (ours, theirs) in a.Zip(b))
        {
            Assert.Equal(theirs.X.data<float>().ToArray(), ours.X.data<float>().ToArray());
            Assert.Equal(theirs.Y.data<long>().ToArray(), ours.Y.data<long>().ToArray());
        }
    }

    [Fact]
    public void An_item_that_cannot_be_made_is_named_by_its_index()
    {
        var data = Dataset.From(5, [1], (int index, Span<float> item) => item[0] = index == 3 ? throw new FormatException("line 3 is odd") : 1, _ => 0);

        var error = Assert.ThrowsAny<Exception>(() => new DataLoader<(Tensor X, Tensor Y)>(data, 5).ToList());

        Assert.Contains("line 3 is odd", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_that_are_no_numbers_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Dataset.From(1, [1], (int _, Span<char> _) => { }, _ => 0));

        Assert.Contains("Char", error.Message, StringComparison.Ordinal);
        Assert.Contains("float", error.Message, StringComparison.Ordinal);
    }

    private static void Write(int index, Span<float> item)
    {
        for (var i = 0; i < item.Length; i++) item[i] = (index * 10) + i;
    }
}
