using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class SyntheticDigitsTests
{
    [Fact]
    public void Digits_have_the_shape_of_Mnist_and_depend_on_the_seed()
    {
        using var scope = NewDisposeScope();
        Tensor Images(long seed) => new DataLoader<(Tensor X, Tensor Y)>(new SyntheticDigits(20, seed), batchSize: 20).First().X;

        var y = new DataLoader<(Tensor X, Tensor Y)>(new SyntheticDigits(20), batchSize: 20).First().Y;

        Assert.Equal([20L, 1, 28, 28], Images(0).shape);
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0], y.data<long>().ToArray()[..11]);
        Assert.True(Images(0).Equals(Images(0)));
        Assert.False(Images(0).Equals(Images(1)));
    }

    [Fact]
    public void Digits_can_be_told_apart_by_their_brightness_profile()
    {
        using var scope = NewDisposeScope();
        var x = new DataLoader<(Tensor X, Tensor Y)>(new SyntheticDigits(200), batchSize: 200).First().X.reshape(20, 10, -1);

        var ink = x.mean([2]);   // the amount of ink: an 8 has more than a 1 in every one of its drawings on average

        Assert.True(ink[.., 8].mean().ToSingle() > ink[.., 1].mean().ToSingle());
    }
}
