using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class KillTests
{
    /// <summary>LIGHTNINGSHARP_KILLS sets how often; CI takes few, because each needs a process.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KILLS"), out var value) ? value : 6;

    [Fact]
    public void A_process_killed_at_any_moment_of_a_save_leaves_a_whole_file()
    {
        using var folder = new TestFolder();
        var path = folder["last.ckpt"];
        var random = new Random(7);
        var inSave = 0;

        for (var kill = 0; kill < Kills; kill++)
        {
            var acknowledged = KillOne(path, random);

            var leftovers = Directory.GetFiles(folder.Path, "*.tmp-*").Length;
            inSave += leftovers;
            Assert.True(leftovers <= 1);
            Assert.Equal(leftovers, DurableFile.Default.RemoveLeftovers(folder.Path));
            using var read = CheckpointFile.Read(path);
            var generation = Assert.IsType<long>(read["generation"]);
            Assert.InRange(generation, acknowledged, acknowledged + 1);
            using var expected = full_like(read.StateDict()["w"], generation);
            Assert.True(read.StateDict()["w"].equal(expected).all().item<bool>());
        }

        Assert.True(inSave > 0, "no process was killed in the middle of a save");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {inSave} of them in the middle of a save, 0 files lost");
    }

    // Kills in the middle of a save after a random time; returns the newest save that was announced.
    private static long KillOne(string path, Random random)
    {
        using var child = KilledChild.Start(path);
        long acknowledged = 0;
        for (var wait = random.Next(1, 4); wait > 0; wait--) acknowledged = long.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture); // not null while it runs
        if (random.Next(4) > 0) WaitForSave(path); // most kills hit the middle of a save, some any moment
        var clock = Stopwatch.StartNew();
        var delay = TimeSpan.FromMilliseconds(random.NextDouble() * 4);
        while (clock.Elapsed < delay) Thread.SpinWait(100);
        child.Kill();
        child.WaitForExit();
        while (child.StandardOutput.ReadLine() is { } line) acknowledged = long.TryParse(line, CultureInfo.InvariantCulture, out var value) ? value : acknowledged;
        return acknowledged;
    }

    private static void WaitForSave(string path)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(5) && !Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.tmp-*").Any()) Thread.SpinWait(100); // not null: a path in a folder
    }
}
