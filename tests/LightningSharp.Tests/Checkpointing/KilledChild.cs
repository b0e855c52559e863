using System.Diagnostics;
using System.Runtime.CompilerServices;
using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>A process that saves over and over until it is killed: the test executable itself, when a variable says so.</summary>
internal static class KilledChild
{
    private const string Variable = "LIGHTNINGSHARP_TEST_SAVE_FOREVER";

    public static Process Start(string path)
    {
        var name = OperatingSystem.IsWindows() ? "LightningSharp.Tests.exe" : "LightningSharp.Tests";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name)) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[Variable] = path;
        return Process.Start(start)!; // not null: no shell
    }

    [ModuleInitializer]
    internal static void RunIfChild()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path) return;
        LightningSharp.Native.LibTorch.Install();
        using var weight = zeros(1 << 20); // 4 MiB
        for (var generation = 1L; ; generation++)
        {
            using (no_grad()) weight.fill_(generation);
            CheckpointFile.Write(path, new Dictionary<string, object?> { ["generation"] = generation, ["state_dict"] = new Dictionary<string, Tensor> { ["w"] = weight } });
            System.Console.WriteLine(generation); // durable from here on
        }
    }
}
