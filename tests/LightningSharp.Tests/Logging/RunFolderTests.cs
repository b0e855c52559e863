using System.Collections.Concurrent;
using LightningSharp.Logging;
using LightningSharp.Tests.Native;

namespace LightningSharp.Tests.Logging;

public sealed class RunFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Versions_count_up_from_zero_under_the_default_name()
    {
        var first = RunFolder.Allocate(_temp.Root);
        var second = RunFolder.Allocate(_temp.Root);

        Assert.Equal("version_0", first.Version);
        Assert.Equal(Path.Combine(_temp.Root, "lightning_logs", "version_1"), second.Directory);
        Assert.Equal("lightning_logs", second.Name);
        Assert.True(Directory.Exists(second.Directory));
    }

    [Fact]
    public void The_next_version_is_one_more_than_the_highest_and_foreign_names_do_not_count()
    {
        foreach (var name in (string[])["version_7", "version_2", "version_x", "version_99999999999999999999", "version_-3", "other"])
        {
            Directory.CreateDirectory(Path.Combine(_temp.Root, "a", name));
        }

        Assert.Equal("version_8", RunFolder.Allocate(_temp.Root, "a").Version);
    }

    [Fact]
    public void A_file_in_the_way_of_a_version_is_stepped_over()
    {
        Directory.CreateDirectory(_temp["a"]);
        File.WriteAllText(Path.Combine(_temp["a"], "version_0"), "");

        Assert.Equal("version_1", RunFolder.Allocate(_temp.Root, "a").Version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void An_empty_name_puts_versions_directly_under_the_root(string? name)
        => Assert.Equal(_temp["version_0"], RunFolder.Allocate(_temp.Root, name).Directory);

    [Fact]
    public void A_version_of_text_is_the_folder_name_and_is_used_again()
    {
        var first = RunFolder.Allocate(_temp.Root, "a", "baseline");
        var again = RunFolder.Allocate(_temp.Root, "a", "baseline");

        Assert.Equal(first, again);
        Assert.Equal("version_4", RunFolder.Allocate(_temp.Root, "a", 4).Version);
    }

    [Theory]
    [InlineData("../up", null)]
    [InlineData("/etc", null)]
    [InlineData("a", "..")]
    [InlineData("a", "x/../../y")]
    public void A_name_that_would_leave_the_root_is_refused(string name, string? version)
        => Assert.Throws<ArgumentException>(() => RunFolder.Allocate(_temp.Root, name, version));

    [Fact]
    public void Names_of_any_alphabet_become_folders()
    {
        var run = RunFolder.Allocate(_temp.Root, "опыт 実験 ½");

        Assert.True(Directory.Exists(run.Directory));
    }

    [Fact]
    public void A_root_that_cannot_hold_folders_says_where_and_what_to_do()
    {
        File.WriteAllText(_temp["file"], "");

        var error = Assert.Throws<MisconfigurationException>(() => RunFolder.Allocate(_temp["file"]));

        Assert.Contains(_temp["file"], error.Message, StringComparison.Ordinal);
        Assert.Contains("Give a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_starting_together_never_share_a_folder()
    {
        var versions = new ConcurrentBag<string>();
        using var gate = new Barrier(8);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            gate.SignalAndWait();
            for (var i = 0; i < 25; i++)
            {
                versions.Add(RunFolder.Allocate(_temp.Root).Version);
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(200, versions.Count);
        Assert.Equal(200, versions.Distinct().Count());
    }

    [Fact]
    public void Real_processes_that_start_together_never_share_a_folder()
    {
        const int Processes = 4, Each = 25;
        var running = Enumerable.Range(0, Processes).Select(_ => FaultProcess.Start("allocate", _temp.Root, $"{Each}")).ToList();
        foreach (var process in running) Assert.Equal("ready", process.StandardOutput.ReadLine());

        foreach (var process in running) process.StandardInput.WriteLine();
        var versions = running.SelectMany(process => process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();

        foreach (var process in running)
        {
            Assert.True(process.WaitForExit(30_000));
            process.Dispose();
        }

        Assert.Equal(Processes * Each, versions.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, Processes * Each).Select(number => $"version_{number}").Order(), versions.Order());
    }
}
