using LightningSharp.Native;
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

    [Fact]
    public void Installing_and_loading_again_are_harmless_from_many_threads()
    {
        Parallel.For(0, 16, _ =>
        {
            LibTorch.Install();
            LibTorch.EnsureLoaded();
        });

        using var x = torch.ones(1);
        Assert.Equal(1f, x.item<float>());
    }

    [Fact]
    public void The_files_that_were_loaded_are_found_beside_the_application()
        => Assert.All((string[])["torch_cpu", "LibTorchSharp", "c10"], name =>
            Assert.NotNull(LibTorchFiles.Find(OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so")));
}
