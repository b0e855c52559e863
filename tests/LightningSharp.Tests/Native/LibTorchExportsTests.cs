using System.Diagnostics;
using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Tests.Native;

public class LibTorchExportsTests
{
    [Fact]
    public void Looking_up_functions_maps_no_second_copy_of_libtorch()
    {
        using var x = torch.ones(2);
        Assert.NotEqual(0, LibTorchExports.Find("aoti_torch_abi_version"));

        using var process = Process.GetCurrentProcess();
        var copies = process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .Where(path => Path.GetFileName(path) is "libtorch_cpu.so" or "torch_cpu.dll").Distinct();

        Assert.Single(copies);
    }

    [Fact]
    public void A_missing_function_is_zero() => Assert.Equal(0, LibTorchExports.Find("there_is_no_such_function"));

    [Fact]
    public void The_libtorch_of_this_project_has_every_engine()
    {
        Assert.True(StableAbi.IsAvailable);
        Assert.True(GradientReader.IsAvailable);
        Assert.True(Autocast.IsAvailable);
    }
}
