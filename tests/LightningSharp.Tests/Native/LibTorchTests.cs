using TorchSharp;

namespace LightningSharp.Tests.Native;

public class LibTorchTests
{
    [Fact]
    public void The_first_call_of_TorchSharp_loads_libtorch_on_this_system()
    {
        using var x = torch.ones(2, 3);

        Assert.Equal(6f, x.sum().item<float>());
    }
}
