using System.Globalization;
using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Faults;

/// <summary>Memory policies belong to a process: they are looked at in one of their own, as a training program is.</summary>
internal static class MemoryCases
{
    /// <summary>Prints how many pages five steps with one block of 48 MB touched anew.</summary>
    public static int CountFaults()
    {
        using var policy = MemoryPolicy.Begin(needed: 0);
        if (!policy.IsOn)
        {
            System.Console.WriteLine(policy.Description);
            return 3;
        }

        for (var i = 0; i < 40; i++) Step(); // aligned blocks need some rounds until freed ones fit again
        var before = Faults();
        for (var i = 0; i < 5; i++) Step();
        System.Console.WriteLine((Faults() - before).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Step()
    {
        using var block = torch.ones(48 << 20, dtype: torch.uint8); // above the largest threshold that glibc sets by itself
    }

    private static long Faults()
    {
        // "man proc": field 10 of stat, minor faults; names may hold spaces, so count from the bracket.
        var text = File.ReadAllText("/proc/self/stat");
        return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
