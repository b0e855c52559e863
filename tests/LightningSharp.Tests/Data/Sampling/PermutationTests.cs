using LightningSharp.Data.Sampling;

namespace LightningSharp.Tests.Data.Sampling;

public sealed class PermutationTests
{
    private static int[] Filled(Permutation order, int start, int length)
    {
        var items = new int[length];
        order.Fill(start, items);
        return items;
    }

    [Fact]
    public void Every_item_comes_once_for_every_small_count()
    {
        for (int count = 1; count <= 400; count++)
            Assert.Equal(Enumerable.Range(0, count), Filled(new Permutation(count, 7, 3), 0, count).Order());
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(60_000)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_003)]
    public void Every_item_comes_once_for_large_counts(int count)
    {
        var seen = new bool[count];
        foreach (int item in Filled(new Permutation(count, 1, 0), 0, count))
        {
            Assert.False(seen[item]);
            seen[item] = true;
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(60_000)]
    [InlineData(9_999_991)]
    [InlineData(int.MaxValue)]
    public void Eight_at_a_time_are_the_same_as_one_by_one(int count)
    {
        var order = new Permutation(count, 5, 2);
        foreach (int start in (int[])[0, 1, 7, 31, count / 2, count - 41])
        {
            int length = Math.Min(41, count - start);

            Assert.Equal(Enumerable.Range(start, length).Select(position => order[position]), Filled(order, start, length));
        }
    }

    [Fact]
    public void All_orders_of_four_items_are_equally_likely()
    {
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < 24_000; epoch++)
        {
            string order = string.Concat(Filled(new Permutation(4, 11, epoch), 0, 4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // 1,000 each, deviation 31; seven of them: the network is no perfect mixer of four cells
        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 780, 1220));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(60_000)]
    public void Where_an_item_goes_does_not_depend_on_where_it_came_from(int count)
    {
        // A table of tenths: item's tenth against position's tenth over many epochs. Chi-squared with 81 degrees of freedom: mean 81, deviation 12.7; six of them.
        const int tenths = 10;
        int epochs = Math.Max(2, 200_000 / count);
        var table = new double[tenths, tenths];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            var order = Filled(new Permutation(count, 3, epoch), 0, count);
            for (int position = 0; position < count; position++)
                table[(int)((long)position * tenths / count), (int)((long)order[position] * tenths / count)]++;
        }

        double expected = (double)count * epochs / (tenths * tenths), chi = 0;
        foreach (double cell in table)
            chi += (cell - expected) * (cell - expected) / expected;
        Assert.InRange(chi, 0, 81 + (6 * 12.7));
    }

    [Fact]
    public void Neighbours_do_not_stay_neighbours()
    {
        const int count = 60_000;
        int together = 0;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            var order = Filled(new Permutation(count, 9, epoch), 0, count);
            for (int i = 1; i < count; i++)
                together += order[i] == order[i - 1] + 1 ? 1 : 0;
        }

        // one a shuffle on average: 20, deviation 4.5; six of them
        Assert.InRange(together, 0, 20 + 27);
    }
}
