using LightningSharp.Native;

namespace LightningSharp.Tests.Native;

public sealed class CorrectedWrapperTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lightningsharp-test-");

    private string Cache => Path.Combine(_folder.FullName, "cache");

    [Fact]
    public void The_copy_is_keyed_by_content_and_the_original_is_untouched()
    {
        var first = Write("a/lib.so", ElfBuilder.Typical().Build());
        var other = ElfBuilder.Typical();
        other.Symbols.Add(("free", 2));
        var second = Write("b/lib.so", other.Build());
        var before = File.ReadAllBytes(first);

        var copies = (CorrectedWrapper.GetOrCreate(first, Cache), CorrectedWrapper.GetOrCreate(second, Cache));

        Assert.NotEqual(copies.Item1, copies.Item2);
        Assert.StartsWith(Cache, copies.Item1);
        Assert.Equal(before, File.ReadAllBytes(first));
    }

    [Fact]
    public void The_second_call_takes_the_same_file_without_writing()
    {
        var original = Write("lib.so", ElfBuilder.Typical().Build());
        var path = CorrectedWrapper.GetOrCreate(original, Cache);
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, old);

        Assert.Equal(path, CorrectedWrapper.GetOrCreate(original, Cache));
        Assert.Equal(old, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_copy_is_replaced(bool truncated)
    {
        var original = Write("lib.so", ElfBuilder.Typical().Build());
        var path = CorrectedWrapper.GetOrCreate(original, Cache);
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, truncated ? good[..100] : [.. good[..200], (byte)(good[200] ^ 1), .. good[201..]]);

        CorrectedWrapper.GetOrCreate(original, Cache);

        Assert.Equal(good, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_library_without_the_need_is_used_as_it_is()
    {
        var builder = new ElfBuilder { Needs = { ("libc.so.6", [("GLIBC_2.2.5", 2, 0)]) }, Symbols = { ("malloc", 2) } };
        var original = Write("lib.so", builder.Build());

        Assert.Equal(original, CorrectedWrapper.GetOrCreate(original, Cache));
    }

    [Fact]
    public void Many_processes_at_once_all_get_a_whole_file_and_leave_no_rubbish()
    {
        var original = Write("lib.so", ElfBuilder.Typical().Build());

        var processes = Enumerable.Range(0, 4).Select(_ => FaultProcess.Start("wrapper", original, Cache)).ToArray();
        foreach (var process in processes) process.WaitForExit();

        Assert.All(processes, process => Assert.Equal(0, process.ExitCode));
        Assert.Empty(Directory.GetFiles(Cache, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Without_a_usable_cache_the_library_loads_from_a_private_folder_that_is_gone_afterwards()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux corrects the wrapper.");
        var blocked = Write("cache", "a file where the folder should be"u8.ToArray());
        var before = Environment.GetEnvironmentVariable("LIGHTNINGSHARP_CACHE");
        Environment.SetEnvironmentVariable("LIGHTNINGSHARP_CACHE", blocked);
        try
        {
            var handle = CorrectedWrapper.Load(LibTorchFiles.Find("libLibTorchSharp.so")!);

            Assert.NotEqual(0, handle);
            Assert.DoesNotContain(
                Directory.GetDirectories(Path.GetTempPath(), "lightningsharp-*"), folder => Directory.GetFiles(folder, "libLibTorchSharp.so", SearchOption.AllDirectories).Length > 0);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LIGHTNINGSHARP_CACHE", before);
        }
    }

    [Fact]
    public void The_cache_lies_where_the_user_says_then_where_the_desktop_says_then_at_home()
    {
        static string? None(string name) => null;

        Assert.Equal([Path.Combine("/own", "native")], CorrectedWrapper.CacheFolders(name => name == "LIGHTNINGSHARP_CACHE" ? "/own" : "/xdg", "/home/a"));
        Assert.Equal([Path.Combine("/xdg", "lightningsharp", "native")], CorrectedWrapper.CacheFolders(name => name == "XDG_CACHE_HOME" ? "/xdg" : null, "/home/a"));
        Assert.Equal([Path.Combine("/home/a", ".cache", "lightningsharp", "native")], CorrectedWrapper.CacheFolders(None, "/home/a"));
        Assert.Empty(CorrectedWrapper.CacheFolders(None, ""));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }
}
