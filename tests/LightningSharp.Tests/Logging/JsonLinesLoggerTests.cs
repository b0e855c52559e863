using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class JsonLinesLoggerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Every_event_is_one_typed_line()
    {
        await using (var logger = Started())
        {
            logger.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1, ["nested"] = new Dictionary<string, object?> { ["a"] = null } });
            logger.LogMetrics(new Dictionary<string, double> { ["two\nlines"] = 0.1, ["n"] = double.NaN, ["i"] = double.NegativeInfinity }, 3);
            logger.LogText("t", "a\nb", 4);
            logger.LogTable("tab", ["x"], [[1L], [null]], 5);
            logger.LogHistogram("h", HistogramData.Of([1f, 2f]), 6);
            logger.LogArtifact(_temp["sub/file.bin"], "checkpoint");
            logger.RewindTo(2);
            logger.Finish(RunStatus.Failed);
        }

        var lines = Lines();

        Assert.Equal(
            ["run", "hyper_parameters", "metrics", "text", "table", "histogram", "artifact", "rewind", "end"],
            lines.Select(l => l.GetProperty("event").GetString()));
        Assert.All(lines, l => Assert.Equal(DateTimeKind.Utc, l.GetProperty("time").GetDateTime().Kind));
        var values = lines[2].GetProperty("values");
        Assert.Equal(0.1, values.GetProperty("two\nlines").GetDouble());
        Assert.Equal("NaN", values.GetProperty("n").GetString());
        Assert.Equal("-Infinity", values.GetProperty("i").GetString());
        Assert.Equal(3, lines[2].GetProperty("step").GetInt64());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("values").GetProperty("nested").GetProperty("a").ValueKind);
        Assert.Equal("sub/file.bin", lines[6].GetProperty("path").GetString());
        Assert.Equal("Failed", lines[8].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Pictures_become_files_that_the_line_names_and_never_overwrite_each_other()
    {
        await using (var logger = Started())
        {
            logger.LogImage("../../evil name", new ImageData(1, 1, 1, new byte[] { 7 }), 1);
            logger.LogImage("../../evil name", new ImageData(1, 1, 1, new byte[] { 8 }), 1);
        }

        var files = Lines().Where(l => l.GetProperty("event").GetString() == "image").Select(l => l.GetProperty("file").GetString()!).ToList();

        Assert.Equal(["media/______evil_name-1.png", "media/______evil_name-1-1.png"], files);
        using var pixels = PngPixels.Decode(await File.ReadAllBytesAsync(Path.Combine(_temp.Root, files[1]), TestContext.Current.CancellationToken));
        Assert.Equal([8], pixels.ToArray());
    }

    [Fact]
    public async Task A_restart_cuts_a_torn_line_and_appends()
    {
        await using (var logger = Started())
        {
            logger.LogMetrics(new Dictionary<string, double> { ["a"] = 1 }, 0);
        }

        await File.AppendAllTextAsync(_temp["events.jsonl"], "{\"event\":\"metr", TestContext.Current.CancellationToken);

        await using (var logger = Started())
        {
            logger.LogMetrics(new Dictionary<string, double> { ["a"] = 2 }, 1);
        }

        Assert.Equal(["run", "metrics", "run", "metrics"], Lines().Select(l => l.GetProperty("event").GetString()));
    }

    private JsonLinesLogger Started()
    {
        var logger = new JsonLinesLogger();
        logger.Start(new(_temp.Root, "test", "version_0"));
        return logger;
    }

    private List<JsonElement> Lines()
        => [.. File.ReadAllLines(_temp["events.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
}
