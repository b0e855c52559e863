using LightningSharp.Native;

namespace LightningSharp.Tests.Native;

public class MemoryPolicyTests
{
    [Fact]
    public void Large_blocks_are_not_faulted_in_anew_at_every_step_and_are_given_back_at_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && FreeMemory.Read() > 1L << 30, "needs glibc and a gigabyte");

        var (code, output, _) = FaultProcess.Run("memory-policy");

        Assert.SkipWhen(code == 3, output.Trim());
        var faults = output.Split(' ').Select(text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(faults[1], 0, faults[0] * 3 / 4); // 0.1 to 0.45 where it was written
        Assert.InRange(faults[3], 0, faults[2] - (20L << 20)); // outputs of 25 MB and more were kept, and are given back
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
}
