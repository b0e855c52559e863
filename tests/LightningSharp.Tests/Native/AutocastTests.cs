using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

public class AutocastTests
{
    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Products_are_short_losses_and_gradients_are_not(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(4, 2);
        Tensor output, loss;

        using (Autocast.Begin(DeviceType.CPU, dtype))
        {
            output = layer.call(randn(3, 4));
            loss = nn.functional.mse_loss(output, zeros(3, 2));
        }

        loss.backward();
        Assert.Equal(dtype, output.dtype);
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(ScalarType.Float32, layer.weight!.grad!.dtype);
        Assert.Equal(ScalarType.Float32, layer.call(randn(3, 4)).dtype);
    }

    [Fact]
    public void Scopes_nest_and_each_restores_what_was_before()
    {
        using var scope = NewDisposeScope();
        Tensor a = randn(2, 2), b = randn(2, 2);

        using (Autocast.Begin(DeviceType.CPU, ScalarType.BFloat16))
        {
            using (Autocast.Suspend(DeviceType.CPU)) Assert.Equal(ScalarType.Float32, a.mm(b).dtype);
            using (Autocast.Begin(DeviceType.CPU, ScalarType.Float16)) Assert.Equal(ScalarType.Float16, a.mm(b).dtype);
            Assert.Equal(ScalarType.BFloat16, a.mm(b).dtype);
        }

        Assert.False(Autocast.IsEnabled(DeviceType.CPU));
        Assert.Equal(ScalarType.Float32, a.mm(b).dtype);
    }

    [Fact]
    public void The_cache_of_short_weights_is_emptied_at_the_end()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(2, 1, hasBias: false);
        var x = ones(1, 2);
        float Run()
        {
            using var cast = Autocast.Begin(DeviceType.CPU, ScalarType.BFloat16);
            return layer.call(x).to(float32).ToSingle();
        }

        nn.init.constant_(layer.weight!, 1);
        var before = Run();
        nn.init.constant_(layer.weight!, 2);

        Assert.Equal((2f, 4f), (before, Run()));
    }

    [Fact]
    public async Task Another_thread_is_not_in_the_scope()
    {
        using var cast = Autocast.Begin(DeviceType.CPU, ScalarType.BFloat16);

        var thread = new Thread(() => Assert.False(Autocast.IsEnabled(DeviceType.CPU)));
        thread.Start();
        thread.Join();

        Assert.True(Autocast.IsEnabled(DeviceType.CPU));
        await Task.CompletedTask;
    }

    [Fact]
    public void An_exception_inside_ends_the_scope()
    {
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using var cast = Autocast.Begin(DeviceType.CPU, ScalarType.BFloat16);
            throw new InvalidOperationException();
        }));

        Assert.False(Autocast.IsEnabled(DeviceType.CPU));
    }
}
