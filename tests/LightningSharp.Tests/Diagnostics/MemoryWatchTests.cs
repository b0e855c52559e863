using LightningSharp.Diagnostics;

namespace LightningSharp.Tests.Diagnostics;

public sealed class MemoryWatchTests : IDisposable
{
    private const long Gibibyte = 1L << 30;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lightningsharp-test-");

    [Theory]
    [InlineData(0.50, 0.0, "Normal")]
    [InlineData(0.86, 0.0, "Warn")]
    [InlineData(0.96, 0.0, "Stop")]
    [InlineData(0.96, 0.2, "Normal")]
    public void The_limit_of_a_version_2_group_counts_without_what_files_could_give_back(double used, double inactive, string expected)
    {
        Machine(totalGibibytes: 64, availableGibibytes: 60);
        Write("proc/self/cgroup", "0::/jobs/train\n");
        Group("sys/fs/cgroup/jobs/train", "memory.max", "memory.current", 4 * Gibibyte, used, "inactive_file", inactive);

        using var watch = new MemoryWatch(_root.FullName);

        Assert.Equal(Enum.Parse<MemoryLevel>(expected), watch.Read());
        Assert.Equal(4 * Gibibyte, watch.Limits);
    }

    [Fact]
    public void A_group_above_with_a_tighter_limit_counts()
    {
        Machine(64, 60);
        Write("proc/self/cgroup", "0::/jobs/train\n");
        Group("sys/fs/cgroup/jobs/train", "memory.max", "memory.current", 8 * Gibibyte, 0.1, "inactive_file", 0);
        Group("sys/fs/cgroup/jobs", "memory.max", "memory.current", 2 * Gibibyte, 0.97, "inactive_file", 0);

        using var watch = new MemoryWatch(_root.FullName);

        Assert.Equal(MemoryLevel.Stop, watch.Read());
        Assert.Equal(2 * Gibibyte, watch.Limits);
    }

    [Fact]
    public void A_version_1_group_counts_and_its_huge_number_means_no_limit()
    {
        Machine(64, 60);
        Write("proc/self/cgroup", "5:cpu:/\n4:memory:/docker/abc\n");
        Group("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", 4 * Gibibyte, 0.9, "total_inactive_file", 0);
        Group("sys/fs/cgroup/memory/docker/abc", "memory.limit_in_bytes", "memory.usage_in_bytes", 9223372036854771712, 0, "total_inactive_file", 0);

        using var watch = new MemoryWatch(_root.FullName);

        Assert.Equal(MemoryLevel.Warn, watch.Read());
        Assert.Equal(4 * Gibibyte, watch.Limits);
    }

    [Fact]
    public void Without_a_group_the_machine_itself_is_the_limit()
    {
        Machine(totalGibibytes: 10, availableGibibytes: 1);

        using var watch = new MemoryWatch(_root.FullName);

        Assert.Equal(MemoryLevel.Warn, watch.Read());
        Assert.Equal("9.0 of 10.0 GiB (90 %), this process 1.0 GiB", watch.ToString());
    }

    [Fact]
    public void On_a_system_without_these_files_nothing_is_said()
    {
        using var watch = new MemoryWatch(Path.Combine(_root.FullName, "nowhere"));

        Assert.Equal(MemoryLevel.Normal, watch.Read());
        Assert.Equal(0, watch.Limits);
        Assert.True(watch.Resident > 0);
    }

    [Fact]
    public void The_real_system_is_read_without_allocating()
    {
        using var watch = new MemoryWatch();
        watch.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++) watch.Read();
        for (var i = 0; i < 100; i++) watch.Poll();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(watch.Resident, 10 << 20, long.MaxValue);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void Machine(long totalGibibytes, long availableGibibytes)
    {
        Write("proc/meminfo", $"MemTotal:       {totalGibibytes << 20} kB\nMemFree:        100 kB\nMemAvailable:   {availableGibibytes << 20} kB\n");
        Write("proc/self/statm", $"900000 {Gibibyte / Environment.SystemPageSize} 3000 1 0 1 0\n");
    }

    private void Group(string folder, string limitFile, string usageFile, long limit, double used, string inactiveKey, double inactive)
    {
        Write($"{folder}/{limitFile}", $"{limit}\n");
        Write($"{folder}/{usageFile}", $"{(long)(limit * used)}\n");
        Write($"{folder}/memory.stat", $"anon 17\n{inactiveKey} {(long)(limit * inactive)}\nactive_file 3\n");
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
