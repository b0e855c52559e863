using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Tests.Native;

public class MemoryPolicyTests
{
    [Fact]
    public void Large_blocks_are_not_faulted_in_anew_at_every_step()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && FreeMemory.Read() > 1L << 30, "needs glibc and a gigabyte");
        using var policy = MemoryPolicy.Begin(needed: 0);
        Assert.SkipUnless(policy.IsOn, policy.Description);
        void Step()
        {
            using var block = torch.ones(48 << 20, dtype: torch.uint8); // above the largest threshold that glibc sets by itself
        }

        for (var i = 0; i < 3; i++) Step();
        var before = Faults();
        for (var i = 0; i < 5; i++) Step();

        Assert.InRange(Faults() - before, 0, 12_288); // five blocks of 48 MB have 61,440 pages
    }

    [Fact]
    public void It_says_what_it_does_in_one_line_and_ends_once()
    {
        var policy = MemoryPolicy.Begin(needed: 0);

        policy.Dispose();
        policy.Dispose();

        Assert.StartsWith("memory: ", policy.Description, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', policy.Description);
    }

    [Fact]
    public void With_too_little_memory_it_changes_nothing_and_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs glibc");

        using var policy = MemoryPolicy.Begin(needed: long.MaxValue);

        Assert.False(policy.IsOn);
        Assert.Contains("GB needed to keep blocks", policy.Description, StringComparison.Ordinal);
    }

    private static long Faults()
    {
        // "man proc": field 10 of stat, minor faults; names may hold spaces, so count from the bracket.
        var text = File.ReadAllText("/proc/self/stat");
        return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[7], System.Globalization.CultureInfo.InvariantCulture);
    }
}
