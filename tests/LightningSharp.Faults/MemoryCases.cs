using System.Globalization;
using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Faults;

/// <summary>Memory policies belong to a process: they are looked at in one of their own, as a training program is.</summary>
internal static class MemoryCases
{
    /// <summary>Prints how many pages ten steps of a small convolution net touch anew on a training thread: without the policy, and with it; then the bytes in memory before and after its end.</summary>
    public static int CountFaults()
    {
        var plain = OnStepThread();
        var policy = MemoryPolicy.Begin(needed: 0);
        if (!policy.IsOn)
        {
            System.Console.WriteLine(policy.Description);
            return 3;
        }

        var kept = OnStepThread();
        var during = Resident();
        policy.Dispose();
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plain} {kept} {during} {Resident()}"));
        return 0;
    }

    private static long OnStepThread()
    {
        var faults = 0L;
        NativeGuard.Run(() =>
        {
            using var layer = torch.nn.Conv2d(1, 16, 3, padding: 1);
            for (var i = 0; i < 5; i++) Step(layer);
            var before = Faults();
            for (var i = 0; i < 10; i++) Step(layer);
            faults = Faults() - before;
        });
        return faults;
    }

    private static void Step(torch.nn.Module<torch.Tensor, torch.Tensor> layer)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.ones(512, 1, 28, 28);
        layer.call(x).relu().mean().backward(); // outputs of 25 MB and more
    }

    // Bytes in memory now: "man proc", statm, second field, in pages.
    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static long Faults()
    {
        // "man proc": field 10 of stat, minor faults; names may hold spaces, so count from the bracket.
        var text = File.ReadAllText("/proc/self/stat");
        return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
