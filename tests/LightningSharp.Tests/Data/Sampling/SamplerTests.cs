using LightningSharp.Data;

namespace LightningSharp.Tests.Data.Sampling;

public sealed class SamplerTests
{
    private static int[] Order(ISampler sampler, int epoch = 0, long seed = 1)
    {
        var order = new int[sampler.Count];
        sampler.Fill(seed, epoch, 0, order);
        return order;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(10_000)]
    public void Random_gives_every_item_once_for_any_count(int count)
    {
        for (int epoch = 0; epoch < 3; epoch++)
            Assert.Equal(Enumerable.Range(0, count), Order(Sampler.Random(count), epoch).Order());
    }

    [Fact]
    public void Random_depends_on_seed_and_epoch_alone()
    {
        var sampler = Sampler.Random(100);

        Assert.Equal(Order(sampler, 2, 5), Order(Sampler.Random(100), 2, 5));
        Assert.NotEqual(Order(sampler, 2, 5), Order(sampler, 3, 5));
        Assert.NotEqual(Order(sampler, 2, 5), Order(sampler, 2, 6));
    }

    [Fact]
    public void Random_has_no_visible_pattern()
    {
        // each of the 12 items should come first in about 1/12 of 6,000 epochs: 500, deviation 21.4; six deviations are allowed
        var first = new int[12];
        for (int epoch = 0; epoch < 6000; epoch++)
            first[Order(Sampler.Random(12), epoch)[0]]++;

        Assert.All(first, count => Assert.InRange(count, 500 - 129, 500 + 129));
    }

    [Fact]
    public void Every_sampler_can_be_asked_from_the_middle()
    {
        ISampler[] samplers =
        [
            Sampler.Sequential(50), Sampler.Random(50), Sampler.Subset([4, 9, 1, 7], shuffle: true), Sampler.Weighted([1, 2, 3], 50),
            Sampler.Distributed(Sampler.Random(50), 1, 3),
        ];
        foreach (var sampler in samplers)
        {
            var part = new int[2];
            sampler.Fill(1, 0, 2, part);

            Assert.Equal(Order(sampler)[2..4], part);
        }
    }

    [Fact]
    public void Weighted_draws_as_often_as_the_weights_say()
    {
        var counts = new int[4];
        foreach (int index in Order(Sampler.Weighted([1, 0, 3, 6], 100_000)))
            counts[index]++;

        // deviations of the binomial counts are below 158; five of them
        Assert.InRange(counts[0], 10_000 - 790, 10_000 + 790);
        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[2], 30_000 - 790, 30_000 + 790);
        Assert.InRange(counts[3], 60_000 - 790, 60_000 + 790);
    }

    [Theory]
    [InlineData(new double[] { 1, -1 }, "Weight 1 is -1")]
    [InlineData(new double[] { double.NaN }, "Weight 0 is NaN")]
    [InlineData(new double[] { 0, 0 }, "positive, finite sum")]
    [InlineData(new double[0], "positive, finite sum")]
    public void Weighted_refuses_weights_that_are_none(double[] weights, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => Sampler.Weighted(weights));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Distributed_parts_cover_everything_and_are_equally_long_when_padded()
    {
        var parts = Enumerable.Range(0, 4).Select(rank => Order(Sampler.Distributed(Sampler.Random(10), rank, 4))).ToArray();

        Assert.All(parts, part => Assert.Equal(3, part.Length));
        Assert.Equal(Enumerable.Range(0, 10), parts.SelectMany(part => part).Distinct().Order());
    }

    [Fact]
    public void Distributed_parts_without_padding_have_every_item_once()
    {
        var parts = Enumerable.Range(0, 4).SelectMany(rank => Order(Sampler.Distributed(Sampler.Random(10), rank, 4, pad: false)));

        Assert.Equal(Enumerable.Range(0, 10), parts.Order());
    }
}
