using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

public class DispatcherTests
{
    [Fact]
    public void Matmul_follows_autograd()
    {
        using var scope = NewDisposeScope();
        var left = randn(3, 4, requires_grad: true);
        var right = randn(4, 2);

        Dispatcher.Matmul(left, right).sum().backward();

        Assert.True(left.grad!.allclose(ones(3, 2).mm(right.t())));
    }

    [Fact]
    public void Wrong_shapes_are_an_exception_and_not_the_end_of_the_process()
    {
        using var left = ones(3, 4);
        using var right = ones(3, 4);

        var exception = Assert.Throws<BackendException>(() => Dispatcher.Matmul(left, right));

        Assert.Contains("aten::matmul", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_handle_that_was_given_away_is_given_back()
    {
        using var image = randn(2, 3, 4, 4);
        using Tensor zero = zeros(8), factor = tensor(1f), found = tensor(0f), tracker = tensor(0, int32);
        Tensor[] all = [image, zero, factor, found, tracker];
        var before = all.Select(NativeReferences.Of).ToArray();
        var tensors = Tensor.TotalCount;

        for (var i = 0; i < 100; i++)
        {
            using var scope = NewDisposeScope();
            Dispatcher.ToChannelsLast(image);
            Dispatcher.Matmul(zero, zero);
            Dispatcher.ForeachZero([zero.Handle, zero.Handle]);
            Dispatcher.ForeachMultiply([zero.Handle, zero.Handle], factor);
            Dispatcher.AmpUnscale([zero.Handle], found, factor);
            Dispatcher.AmpUpdateScale(factor, tracker, found, 1, 1, 1000);
        }

        Assert.Equal(before, all.Select(NativeReferences.Of));
        Assert.InRange(Tensor.TotalCount, 0, tensors); // fewer when a collection frees what earlier tests left
    }
}
