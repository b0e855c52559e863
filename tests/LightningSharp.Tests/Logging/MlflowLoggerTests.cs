using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class MlflowLoggerTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly int _port = MlflowServer.FreePort();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_run_arrives_with_parameters_metrics_and_status()
    {
        using var server = new MlflowServer(_port);
        await using var logger = Started();

        logger.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1, ["net"] = new Dictionary<string, object?> { ["depth"] = 3 } });
        logger.LogMetrics(new Dictionary<string, double> { ["loss"] = 0.5, ["step"] = 1 }, 9);
        logger.LogMetrics(new Dictionary<string, double> { ["loss"] = double.NaN, ["a:b<c>"] = double.PositiveInfinity }, 10);
        logger.Finish(RunStatus.Succeeded);

        Assert.Equal(["version_0"], server.Runs);
        Assert.Equal("0.1", server.Parameters["lr"]);
        Assert.Equal("3", server.Parameters["net/depth"]);
        Assert.Equal([("loss", 0.5, 9L), ("loss", double.NaN, 10L), ("a_b_c_", double.PositiveInfinity, 10L)], server.Metrics);
        Assert.Equal(["run1 FINISHED"], server.Statuses);
        Assert.All(server.Errors, e => Assert.Contains("no such experiment", e, StringComparison.Ordinal));
        Assert.Equal("Bearer secret", server.Authorizations.First());
        Assert.Equal(0, new FileInfo(_temp["mlflow_spool.jsonl"]).Length);
        Assert.DoesNotContain(Directory.GetFiles(_temp.Root), f => Read(f).Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_server_is_away_everything_waits_on_disk_and_the_next_start_sends_it_to_one_run()
    {
        await using (var away = Started(finishSeconds: 1))
        {
            for (var step = 0; step < 2000; step++)
            {
                away.LogMetrics(new Dictionary<string, double> { ["loss"] = step }, step);
            }

            away.Finish(RunStatus.Interrupted);
            Assert.NotNull(away.LastError);
            Assert.Equal(4, away.Unsent);
        }

        using var server = new MlflowServer(_port);
        await using var back = Started();
        back.LogMetrics(new Dictionary<string, double> { ["loss"] = 2000 }, 2000);
        back.Finish(RunStatus.Succeeded);

        Assert.Single(server.Runs);
        Assert.Equal(Enumerable.Range(0, 2001).Select(s => (long)s), server.Metrics.Select(m => m.Step));
        Assert.Equal(["run1 KILLED", "run1 FINISHED"], server.Statuses);
    }

    [Fact]
    public async Task A_spool_that_a_killed_process_left_torn_is_sent_up_to_its_last_whole_line()
    {
        await File.WriteAllTextAsync(
            _temp["mlflow_spool.jsonl"],
            "runs/log-batch\t{\"metrics\":[{\"key\":\"a\",\"value\":1,\"timestamp\":1,\"step\":4}]}\nruns/log-batch\t{\"metr",
            TestContext.Current.CancellationToken);
        using var server = new MlflowServer(_port);
        await using var logger = Started();

        logger.Finish(RunStatus.Succeeded);

        Assert.Equal([("a", 1.0, 4L)], server.Metrics);
    }

    [Fact]
    public async Task A_server_that_fails_for_a_while_is_asked_again()
    {
        using var server = new MlflowServer(_port);
        server.FailNext(3);
        await using var logger = Started();

        logger.LogMetrics(new Dictionary<string, double> { ["loss"] = 1 }, 0);
        logger.Finish(RunStatus.Failed);

        Assert.Single(server.Metrics);
        Assert.Equal(["run1 FAILED"], server.Statuses);
    }

    [Fact]
    public async Task A_request_that_the_server_refuses_for_good_does_not_hold_up_the_rest()
    {
        using var server = new MlflowServer(_port);
        await using var logger = Started();

        logger.LogMetrics(new Dictionary<string, double> { ["refused"] = 1 }, 0);
        logger.Flush();
        logger.LogMetrics(new Dictionary<string, double> { ["loss"] = 1 }, 1);
        logger.Finish(RunStatus.Succeeded);

        Assert.Equal([("loss", 1.0, 1L)], server.Metrics);
        Assert.Single(server.Statuses);
    }

    [Fact]
    public async Task Batches_keep_to_the_limits_of_the_server()
    {
        using var server = new MlflowServer(_port);
        await using var logger = Started();

        logger.LogHyperParameters(Enumerable.Range(0, 250).ToDictionary(i => $"p{i}", i => (object?)new string('x', 600)));
        for (var step = 0; step < 500; step++)
        {
            logger.LogMetrics(new Dictionary<string, double> { ["a"] = step, ["b"] = step, ["c"] = step }, step);
        }

        logger.Finish(RunStatus.Succeeded);

        Assert.Equal(250, server.Parameters.Count);
        Assert.Equal(1500, server.Metrics.Count);
        Assert.Equal(3 + 2, server.Batches);
        Assert.All(server.Parameters.Values, value => Assert.Equal(250, value.Length));
    }

    [Fact]
    public async Task Files_are_uploaded_through_the_proxy_when_asked_for()
    {
        using var server = new MlflowServer(_port);
        await using var logger = Started(upload: true);
        await File.WriteAllBytesAsync(_temp["epoch=1.ckpt"], [1, 2, 3], TestContext.Current.CancellationToken);

        logger.LogArtifact(_temp["epoch=1.ckpt"], "checkpoint");
        logger.LogArtifact(_temp["gone.ckpt"], "checkpoint");
        logger.Finish(RunStatus.Succeeded);

        Assert.Equal([1, 2, 3], Assert.Single(server.Artifacts).Value);
        Assert.Equal(0, logger.Unsent);
    }

    [Theory]
    [InlineData(MlflowCheckpoints.EachSave, "a.ckpt b.ckpt", "checkpoint/b.ckpt")]
    [InlineData(MlflowCheckpoints.BestAtEnd, "a.ckpt", null)]
    public async Task Each_checkpoint_or_the_best_at_the_end_is_uploaded_and_the_runs_tags_name_it(MlflowCheckpoints which, string uploaded, string? latest)
    {
        using var server = new MlflowServer(_port);
        await using var logger = Started(upload: true, checkpoints: which);
        foreach (var name in (string[])["a.ckpt", "b.ckpt"])
        {
            await File.WriteAllBytesAsync(_temp[name], [1], TestContext.Current.CancellationToken);
            logger.LogArtifact(_temp[name], "checkpoint");
        }

        logger.LogArtifact(_temp["a.ckpt"], "best checkpoint");
        logger.Finish(RunStatus.Succeeded);

        Assert.Equal(uploaded.Split(' '), server.Artifacts.Keys.Select(Path.GetFileName).Order());
        Assert.Equal("checkpoint/a.ckpt", server.Tags["checkpoint.best"]);
        Assert.Equal(latest, server.Tags.GetValueOrDefault("checkpoint.latest"));
    }

    [Theory]
    [InlineData("../../etc", "__/__/etc")]
    [InlineData("/a//b/", "a/b")]
    [InlineData("", "_")]
    [InlineData("val loss/1", "val loss/1")]
    public void Names_are_brought_into_the_form_that_the_server_accepts(string name, string expected)
        => Assert.Equal(expected, MlflowLogger.Clean(name));

    [Fact]
    public void An_address_that_is_not_http_is_refused_with_a_remedy()
        => Assert.Contains("mlflow server", Assert.Throws<MisconfigurationException>(() => new MlflowLogger(new() { TrackingUri = "file:///x" })).Message, StringComparison.Ordinal);

    private static string Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return file.ReadToEnd();
    }

    private MlflowLogger Started(bool upload = false, int finishSeconds = 20, MlflowCheckpoints checkpoints = MlflowCheckpoints.EachSave)
    {
        var logger = new MlflowLogger(new()
        {
            TrackingUri = $"http://127.0.0.1:{_port}",
            Token = "secret",
            UploadArtifacts = upload,
            Checkpoints = checkpoints,
            FinishTimeout = TimeSpan.FromSeconds(finishSeconds),
        });
        logger.Start(new(_temp.Root, "test", "version_0"));
        return logger;
    }
}
