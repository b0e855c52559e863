using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

public class ChannelsLastTests
{
    private static nn.Module<Tensor, Tensor> Cnn(int channels = 1) => nn.Sequential(
        nn.Conv2d(channels, 8, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding: 1), nn.BatchNorm2d(16), nn.Flatten(), nn.Linear(16 * 4 * 4, 3));

    [Fact]
    public void Only_image_models_benefit()
    {
        using var cnn = Cnn();
        using var convolution = nn.Conv2d(1, 2, 3);
        using var mlp = nn.Sequential(nn.Linear(2, 3), nn.ReLU());

        Assert.True(ChannelsLast.Benefits(cnn));
        Assert.True(ChannelsLast.Benefits(convolution));
        Assert.False(ChannelsLast.Benefits(mlp));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Training_computes_the_same_and_the_optimizer_of_before_goes_on(int channels)
    {
        manual_seed(3);
        using var plain = Cnn(channels);
        using var converted = Cnn(channels);
        converted.load_state_dict(plain.state_dict());
        using var left = new FusedSGD(plain.parameters(), 0.05, momentum: 0.9);
        using var right = new FusedSGD(converted.parameters(), 0.05, momentum: 0.9);
        Step(plain, left, x => x);
        Step(converted, right, x => x);

        var count = ChannelsLast.Convert(converted);
        for (var i = 0; i < 3; i++)
        {
            Step(plain, left, x => x);
            Step(converted, right, ChannelsLast.ConvertBatch);
        }

        Assert.Equal(2, count);
        using var scope = NewDisposeScope();
        foreach (var (a, b) in plain.parameters().Zip(converted.parameters()))
            Assert.True(a.allclose(b, rtol: 1e-4, atol: 1e-5)); // another order of summation

        void Step(nn.Module<Tensor, Tensor> model, FusedSGD optimizer, Func<Tensor, Tensor> layout)
        {
            using var inner = NewDisposeScope();
            using var generator = new Generator(7);
            var x = layout(randn([5, channels, 8, 8], generator: generator));
            nn.functional.cross_entropy(model.call(x), arange(5, dtype: int64).remainder(3)).backward();
            optimizer.step();
            optimizer.zero_grad();
        }
    }

    [Fact]
    public void Parameters_stay_the_same_objects_and_values_and_can_be_put_back()
    {
        using var model = Cnn(3);
        using var scope = NewDisposeScope();
        var before = model.parameters().ToArray();
        var values = before.Select(parameter => parameter.clone()).ToArray();

        Assert.Equal(2, ChannelsLast.Convert(model));
        Assert.Equal(0, ChannelsLast.Convert(model));

        Assert.Equal(before, model.parameters());
        Assert.Equal([27L, 1, 9, 3], before[0].stride());
        Assert.All(before.Zip(values), pair => Assert.True(pair.First.equal(pair.Second).all().ToBoolean()));
        Assert.True(before[0].requires_grad && before[0].is_leaf);
        Assert.Equal(2, ChannelsLast.Restore(model));
        Assert.True(before[0].is_contiguous());
    }

    [Fact]
    public void A_batch_of_one_channel_is_not_copied()
    {
        using var scope = NewDisposeScope();
        var batch = randn(4, 1, 5, 6);

        var last = ChannelsLast.ConvertBatch(batch);

        Assert.Equal([30L, 1, 6, 1], last.stride());
        Assert.True(ChannelsLast.IsChannelsLast(last));
        using (no_grad()) batch.fill_(7);
        Assert.Equal(7f, last[3, 0, 4, 5].ToSingle());
    }

    [Fact]
    public void Batches_that_are_no_images_or_lie_so_already_come_back_as_they_are()
    {
        using var scope = NewDisposeScope();
        var table = randn(4, 5);
        var image = ChannelsLast.ConvertBatch(randn(4, 3, 5, 6));

        Assert.Same(table, ChannelsLast.ConvertBatch(table));
        Assert.Same(image, ChannelsLast.ConvertBatch(image));
    }
}
