using LightningSharp.Dashboard.Runs;
using LightningSharp.Logging;
using LightningSharp.Report.Runs;

namespace LightningSharp.Dashboard.Tests.Runs;

public sealed class RunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task All_three_kinds_of_file_are_read_and_the_most_exact_one_wins()
    {
        foreach (IMetricLogger logger in (IMetricLogger[])[new CsvLogger(), new JsonLinesLogger(), new TensorBoardLogger()])
        {
            logger.Start(new(_temp.Root, "a", "b"));
            logger.LogMetrics(new Dictionary<string, double> { ["x"] = 0.1 }, 3);
            await logger.DisposeAsync();
        }

        using var run = new Run(_temp.Root);
        run.Refresh();

        Assert.Equal(["x"], run.Names);
        Assert.Equal([0.1], run.Find("x")!.Values.ToArray());

        File.Delete(_temp["metrics.csv"]);
        File.Delete(_temp["events.jsonl"]);
        using var events = new Run(_temp.Root);
        events.Refresh();
        Assert.Equal([(double)0.1f], events.Find("x")!.Values.ToArray());
    }

    [Fact]
    public async Task A_running_file_is_followed_through_new_columns_and_rewinds()
    {
        await using var logger = new CsvLogger();
        logger.Start(new(_temp.Root, "a", "b"));
        using var run = new Run(_temp.Root);

        Log(logger, 0, "a");
        run.Refresh();
        Assert.Equal([0L], run.Find("a")!.Steps.ToArray());

        Log(logger, 1, "a");
        Assert.True(run.Refresh());
        Assert.False(run.Refresh());
        Assert.Equal([0L, 1L], run.Find("a")!.Steps.ToArray());

        Log(logger, 2, "a", "b");
        run.Refresh();
        Assert.Equal([0L, 1L, 2L], run.Find("a")!.Steps.ToArray());
        Assert.Equal([2L], run.Find("b")!.Steps.ToArray());

        logger.RewindTo(1);
        Log(logger, 1, "a");
        Log(logger, 2, "a");
        Log(logger, 3, "a");
        run.Refresh();
        Assert.Equal([0L, 1L, 2L, 3L], run.Find("a")!.Steps.ToArray());
        Assert.Null(run.Find("b"));
    }

    [Fact]
    public async Task Rewind_marks_of_append_only_files_are_obeyed()
    {
        foreach (IMetricLogger logger in (IMetricLogger[])[new JsonLinesLogger(), new TensorBoardLogger()])
        {
            var folder = _temp[logger.GetType().Name];
            Directory.CreateDirectory(folder);
            logger.Start(new(folder, "a", "b"));
            Log(logger, 0, "a");
            Log(logger, 1, "a");
            ((IRewindableLogger)logger).RewindTo(1);
            Log(logger, 1, "a");
            await logger.DisposeAsync();

            using var run = new Run(folder);
            run.Refresh();

            Assert.Equal([0L, 1L], run.Find("a")!.Steps.ToArray());
        }
    }

    [Fact]
    public void Steps_that_went_back_are_sorted()
    {
        File.WriteAllText(_temp["metrics.csv"], "epoch,step,a\n0,5,1\n0,3,2\nrubbish\n0,x,3\n0,4,nan\n");
        using var run = new Run(_temp.Root);
        run.Refresh();

        Assert.Equal([3L, 4L, 5L], run.Find("a")!.Steps.ToArray());
        Assert.Equal([2, double.NaN, 1], run.Find("a")!.Values.ToArray());
    }

    [Fact]
    public void A_picture_outside_the_run_is_not_read()
    {
        File.WriteAllText(
            _temp["events.jsonl"],
            "{\"event\":\"image\",\"step\":1,\"name\":\"a\",\"file\":\"../../../etc/passwd\"}\nnot json\n{\"event\":5}\n{\"event\":\"metrics\",\"step\":1,\"values\":{\"a\":\"NaN\"}}\n");
        using var run = new Run(_temp.Root);
        run.Refresh();

        Assert.Null(Assert.Single(run.Pictures).Bytes);
        Assert.Equal([double.NaN], run.Find("a")!.Values.ToArray());
    }

    private static void Log(IMetricLogger logger, long step, params string[] names)
    {
        logger.LogMetrics(names.ToDictionary(n => n, n => (double)step), step);
        logger.Flush();
    }
}
