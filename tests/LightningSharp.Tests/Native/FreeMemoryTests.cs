using LightningSharp.Native;

namespace LightningSharp.Tests.Native;

public sealed class FreeMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("free-memory-").FullName;

    [Fact]
    public void Without_a_container_it_is_what_the_system_has()
    {
        Write("proc/meminfo", "MemTotal:       9000 kB\nMemAvailable:   2000 kB\n");

        Assert.Equal(2000 * 1024, FreeMemory.Read(_root));
    }

    [Fact]
    public void A_containers_limit_counts_less_what_it_uses_but_files_it_can_drop()
    {
        Write("proc/meminfo", "MemAvailable:   2000 kB\n");
        Write("sys/fs/cgroup/memory.max", "1000000\n");
        Write("sys/fs/cgroup/memory.current", "700000\n");
        Write("sys/fs/cgroup/memory.stat", "anon 500000\ninactive_file 100000\n");

        Assert.Equal(400_000, FreeMemory.Read(_root));
    }

    [Fact]
    public void An_unlimited_group_changes_nothing()
    {
        Write("proc/meminfo", "MemAvailable:   2000 kB\n");
        Write("sys/fs/cgroup/memory.max", "max\n");
        Write("sys/fs/cgroup/memory.current", "700000\n");

        Assert.Equal(2000 * 1024, FreeMemory.Read(_root));
    }

    [Fact]
    public void A_group_deep_in_the_tree_counts_too()
    {
        Write("proc/meminfo", "MemAvailable:   2000 kB\n");
        Write("proc/self/cgroup", "0::/user.slice/job\n");
        Write("sys/fs/cgroup/user.slice/job/memory.max", "1000\n");
        Write("sys/fs/cgroup/user.slice/job/memory.current", "900\n");

        Assert.Equal(100, FreeMemory.Read(_root));
    }

    [Fact]
    public void Unknown_is_zero() => Assert.Equal(0, FreeMemory.Read(_root));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
