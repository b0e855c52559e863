using System.Diagnostics;
using System.Security.Cryptography;
using LightningSharp.Data;
using LightningSharp.Data.Resolving;
using LightningSharp.Terminal;
using Spectre.Console;
using Spectre.Console.Testing;

namespace LightningSharp.Tests.Data.Resolving;

/// <summary>Downloads over a real connection to a server of this test.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)((i * 2654435761L) >> 13))];   // does not compress well: several reads
    private readonly string _folder = Directory.CreateTempSubdirectory("download-").FullName;
    private readonly DataFile _file = new("numbers", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
    private readonly Dictionary<string, string?> _variables = [];
    private Display _display = new(TimeProvider.System);
    private TimeSpan _silence = TimeSpan.FromSeconds(20);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_download_that_breaks_off_twice_goes_on_with_the_third_try()
    {
        using var server = new LocalServer((context, number) => LocalServer.Send(context, Content, number switch { 1 => 70_000, 2 => 150_000, _ => null }));

        byte[] payload = Resolver(server).Read(_file);

        Assert.Equal(Content, payload);
        Assert.Equal(3, server.Requests);
        Assert.Equal(["numbers", "numbers.verified"], Files());
    }

    [Fact]
    public void What_a_run_that_died_has_left_is_not_downloaded_again()
    {
        Directory.CreateDirectory(In("cache/datasets/set"));
        File.WriteAllBytes(In("cache/datasets/set/numbers.part"), Content[..120_000]);
        var ranges = new List<string?>();
        using var server = new LocalServer((context, _) =>
        {
            ranges.Add(context.Request.Headers["Range"]);
            return LocalServer.Send(context, Content);
        });

        Assert.Equal(Content, Resolver(server).Read(_file));
        Assert.Equal(["bytes=120000-"], ranges);
    }

    [Fact]
    public void A_part_of_another_file_is_noticed_by_the_hash_and_the_file_fetched_whole()
    {
        Directory.CreateDirectory(In("cache/datasets/set"));
        File.WriteAllBytes(In("cache/datasets/set/numbers.part"), new byte[120_000]);
        using var server = new LocalServer((context, _) => LocalServer.Send(context, Content));

        Assert.Equal(Content, Resolver(server).Read(_file));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public void A_server_that_falls_silent_is_left_after_three_tries()
    {
        _silence = TimeSpan.FromMilliseconds(150);
        using var server = new LocalServer(async (context, _) =>
        {
            context.Response.ContentLength64 = Content.Length;
            await context.Response.OutputStream.WriteAsync(Content.AsMemory(0, 100));
            await context.Response.OutputStream.FlushAsync();
            await Task.Delay(2000);
        });

        var error = Assert.Throws<DataException>(() => Resolver(server).Read(_file));

        Assert.Matches(@"127\.0\.0\.1 +no answer for 0\.15 s", error.Message);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public void The_pause_between_tries_doubles()
    {
        var times = new List<long>();
        using var server = new LocalServer((context, _) =>
        {
            times.Add(Stopwatch.GetTimestamp());
            context.Response.StatusCode = 503;
            context.Response.Close();
            return Task.CompletedTask;
        });

        Assert.Throws<DataException>(() => Resolver(server, retry: TimeSpan.FromMilliseconds(60)).Read(_file));

        Assert.Equal(3, times.Count);
        // at least the pauses; a loaded machine may take longer, never less
        Assert.True(Stopwatch.GetElapsedTime(times[0], times[1]) >= TimeSpan.FromMilliseconds(55));
        Assert.True(Stopwatch.GetElapsedTime(times[1], times[2]) >= TimeSpan.FromMilliseconds(110));
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    public void Only_what_may_pass_is_tried_again(int status, int requests)
    {
        using var server = new LocalServer((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Close();
            return Task.CompletedTask;
        });

        var error = Assert.Throws<DataException>(() => Resolver(server).Read(_file));

        Assert.Contains($"HTTP {status}", error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests);
    }

    [Fact]
    public void A_terminal_shows_how_far_a_download_is_and_is_clean_afterwards()
    {
        var console = new TestConsole().Width(100).SupportsAnsi(true).EmitAnsiSequences();
        _display = new RichDisplay(console, TimeProvider.System, guardsConsole: false);
        using var server = new LocalServer((context, _) => LocalServer.Send(context, Content));

        Resolver(server).Read(_file);

        Assert.Contains("downloading", console.Output, StringComparison.Ordinal);
        Assert.Contains("0.20 MB/0.20 MB", console.Output, StringComparison.Ordinal);   // the last drawing
        Assert.EndsWith("\r\e[J", console.Output, StringComparison.Ordinal);   // the line is taken away
    }

    [Theory]
    [InlineData(ConsoleMode.Plain)]
    [InlineData(ConsoleMode.Json)]
    [InlineData(ConsoleMode.Quiet)]
    public void Where_there_is_no_terminal_nothing_is_shown(ConsoleMode mode)
    {
        using var output = new StringWriter();
        _display = mode switch
        {
            ConsoleMode.Plain => new PlainDisplay(output, TimeProvider.System),
            ConsoleMode.Json => new JsonDisplay(output, TimeProvider.System),
            _ => new Display(TimeProvider.System),
        };
        using var server = new LocalServer((context, _) => LocalServer.Send(context, Content));

        Resolver(server).Read(_file);

        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_quiet_run_downloads_quietly_and_another_one_as_it_says()
    {
        Display? quiet = null, rich = null;

        DownloadConsole.During(new() { Console = ConsoleMode.Quiet }, () => quiet = DownloadConsole.Current);
        DownloadConsole.During(new() { Console = ConsoleMode.Rich }, () => rich = DownloadConsole.Current);

        Assert.Same(Display.For(ConsoleMode.Quiet), quiet);
        Assert.Same(Display.For(ConsoleMode.Rich), rich);
        Assert.Same(Display.For(ConsoleMode.Auto), DownloadConsole.Current);
    }

    [Fact]
    public void A_run_without_a_progress_bar_prepares_and_opens_its_data_quietly()
    {
        var data = new Watching();

        new Trainer(Support.Quiet.Options with { Console = ConsoleMode.Plain }).Fit(new Support.TinyModel(), data);

        Assert.Equal(2, data.Seen.Count);
        Assert.All(data.Seen, display => Assert.Same(Display.For(ConsoleMode.Quiet), display));
    }

    private sealed class Watching : DataModule<(TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y)>
    {
        public List<Display> Seen { get; } = [];

        public override void PrepareData() => Seen.Add(DownloadConsole.Current);

        public override void Setup(Stage stage) => Seen.Add(DownloadConsole.Current);

        public override IEnumerable<(TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y)> TrainDataLoader() => Support.ToyData.Batches(4, 4);
    }

    [Fact]
    public void A_file_that_another_process_is_downloading_is_waited_for()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "flock (util-linux) is not installed: there is no other process to hold the lock.");
        Directory.CreateDirectory(In("cache/datasets/set"));
        string marker = In("marker");
        using var other = Process.Start("/usr/bin/flock", [In("cache/datasets/set/numbers.lock"), "sh", "-c", $"touch '{marker}'; sleep 0.5; rm '{marker}'"]);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(marker), TimeSpan.FromSeconds(10)));
        bool isHeld = true;
        using var server = new LocalServer((context, _) =>
        {
            isHeld = File.Exists(marker);
            return LocalServer.Send(context, Content);
        });

        Assert.Equal(Content, Resolver(server).Read(_file));

        Assert.False(isHeld);   // the first request came after the other process had let go
        other.WaitForExit();
    }

    [Fact]
    public void A_lock_that_is_never_given_back_is_named_in_the_end()
    {
        var store = new DataStore(In("store"), TimeSpan.FromMilliseconds(300));
        using var held = store.Lock(_file);

        var error = Assert.Throws<IOException>(() => store.Lock(_file));

        Assert.Contains("numbers.lock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_a_reason_at_once_and_not_after_ten_minutes()
    {
        var file = new DataFile(new string('n', 252), Content.Length, _file.Sha256);   // with ".lock" too long for any file system
        using var server = new LocalServer((context, _) => LocalServer.Send(context, Content));

        var reading = Task.Run(() => Resolver(server, file).Read(file), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<DataException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Contains("LS3001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_lists_every_source_with_its_reason_and_three_ways_out()
    {
        using var server = new LocalServer((context, _) =>
        {
            context.Response.StatusCode = 404;
            context.Response.Close();
            return Task.CompletedTask;
        });

        string text = Assert.Throws<DataException>(() => Resolver(server, npm: "set@1.0.0").Read(_file)).Message;

        Assert.StartsWith("LS3001 Set was not found: numbers.", text, StringComparison.Ordinal);
        Assert.Matches(@"LIGHTNINGSHARP_DATA +not set", text);
        Assert.Matches(@"cache +.*does not exist", text);
        Assert.Matches(@"127\.0\.0\.1 +HTTP 404 Not Found", text);
        Assert.Matches(@"npm +not installed", text);
        Assert.Contains(
            "Fix one: connect to the internet · install Node.js (npm) · set LIGHTNINGSHARP_DATA to a folder with numbers[.gz] · pass such a folder as root.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Offline_each_source_of_the_network_says_so_and_the_way_out_is_the_variable()
    {
        _variables["LIGHTNINGSHARP_OFFLINE"] = "1";
        using var server = new LocalServer((context, _) => LocalServer.Send(context, Content));

        string text = Assert.Throws<DataException>(() => Resolver(server, npm: "set@1.0.0").Read(_file)).Message;

        Assert.Equal(0, server.Requests);
        Assert.Matches(@"127\.0\.0\.1 +switched off by LIGHTNINGSHARP_OFFLINE", text);
        Assert.Matches(@"npm +switched off by LIGHTNINGSHARP_OFFLINE", text);
        Assert.Contains("Fix one: take LIGHTNINGSHARP_OFFLINE away ·", text, StringComparison.Ordinal);
        Assert.DoesNotContain("connect to the internet", text, StringComparison.Ordinal);
    }

    private DataResolver Resolver(LocalServer server, DataFile? file = null, TimeSpan retry = default, string? npm = null)
    {
        _variables["LIGHTNINGSHARP_CACHE"] = In("cache");
        return new DataResolver(new DataManifest("Set", ["set"], [file ?? _file], [], [server.Address], npm), null, new DataEnvironment
        {
            Variable = name => _variables.GetValueOrDefault(name),
            WorkingFolders = [],
            Home = In("home"),
            HttpHandler = () => new SocketsHttpHandler { UseProxy = false },
            RetryDelay = retry,
            Silence = _silence,
            Display = () => _display,
            NpmCommand = "/nonexistent/npm",
        });
    }

    private string In(string path) => Path.Combine(_folder, path);

    private IEnumerable<string?> Files() => Directory.GetFiles(In("cache/datasets/set")).Select(Path.GetFileName).Order();
}
