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
    public void Thousands_of_calls_leak_neither_tensors_nor_handles()
    {
        using var image = randn(2, 3, 4, 4);
        using Tensor zero = zeros(8), factor = tensor(1f);
        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var scope = NewDisposeScope();
                Dispatcher.ToChannelsLast(image);
                Dispatcher.ForeachZero([zero.Handle, zero.Handle]);
                Dispatcher.ForeachMultiply([zero.Handle, zero.Handle], factor);
            }
        }

        Call(50_000); // as many as below: the managed heap has its size afterwards
        var (tensors, memory) = (Tensor.TotalCount, Environment.WorkingSet);
        Call(50_000);

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 4 << 20); // one leaked handle per call: 50,000 × 400 bytes = 20 MB
    }
}
