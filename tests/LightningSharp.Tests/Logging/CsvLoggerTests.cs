using System.Globalization;
using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class CsvLoggerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task One_row_per_call_with_step_first_and_new_names_at_the_end()
    {
        await using var logger = Started();

        logger.LogMetrics(Values(("b", 2), ("a", 0.1), ("epoch", 0)), 0);
        logger.LogMetrics(Values(("c", -1.5), ("epoch", 1)), 1);
        logger.Finish(RunStatus.Succeeded);

        Assert.Equal("step,epoch,a,b,c\n0,0,0.1,2,\n1,1,,,-1.5\n", Text());
    }

    [Fact]
    public async Task A_name_that_appears_after_rows_are_on_disk_gets_a_column_and_no_row_changes_its_values()
    {
        await using var logger = Started();
        logger.LogMetrics(Values(("a", 1)), 0);
        logger.Flush();

        logger.LogMetrics(Values(("a", 2), ("z", 9)), 1);
        logger.Flush();

        Assert.Equal("step,a,z\n0,1,\n1,2,9\n", Text());
        Assert.Equal(["metrics.csv"], Directory.GetFiles(_temp.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Rows_reach_the_disk_when_the_next_step_is_a_multiple_of_flushEvery()
    {
        await using var logger = new CsvLogger(flushEvery: 2);
        logger.Start(Run());

        logger.LogMetrics(Values(("a", 1)), 0);
        var afterFirst = Text();
        logger.LogMetrics(Values(("a", 2)), 1);
        var afterSecond = Text();
        logger.LogMetrics(Values(("a", 3)), 2);
        var afterThird = Text();

        Assert.Equal("", afterFirst);
        Assert.Equal("step,a\n0,1\n1,2\n", afterSecond);
        Assert.Equal(afterSecond, afterThird);
    }

    [Theory]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-7, "1E-07")]
    [InlineData(1.7976931348623157E+308, "1.7976931348623157E+308")]
    public async Task Numbers_are_written_so_that_they_read_back_exactly_in_any_culture(double value, string expected)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            await using var logger = Started();
            logger.LogMetrics(Values(("a", value)), 0);
            logger.Flush();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.Equal($"step,a\n0,{expected}\n", Text());
        Assert.True(CsvCell.TryParse(expected, out var back));
        Assert.Equal(value, back);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-x", "'-x")]
    [InlineData("@sum", "'@sum")]
    [InlineData("'=already", "''=already")]
    [InlineData("it's", "it's")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "two\\nlines")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    public async Task A_hostile_name_cannot_run_as_a_formula_break_a_line_or_reach_a_terminal(string name, string header)
    {
        await using (var logger = Started())
        {
            logger.LogMetrics(Values((name, 1)), 0);
        }

        await using (var again = Started())
        {
            again.LogMetrics(Values((name, 2)), 1);
        }

        Assert.Equal($"step,{header}\n0,1\n1,2\n", Text());
    }

    [Theory]
    [InlineData("step,a\n0,1\n1,2\n2,")]
    [InlineData("step,a\n0,1\n1,2\n2,3")]
    [InlineData("step,a\n0,1\n1,2\n2\n")]
    [InlineData("step,a\n0,1\n1,2\n\0\0\0\0\0\0")]
    [InlineData("step,a\n0,1\n1,2\n2,\0\0\n\0")]
    public async Task What_a_killed_process_left_half_written_is_cut_and_whole_rows_stay(string left)
    {
        await File.WriteAllTextAsync(_temp["metrics.csv"], left, TestContext.Current.CancellationToken);

        await using (var logger = Started())
        {
            logger.LogMetrics(Values(("a", 5)), 2);
        }

        Assert.Equal("step,a\n0,1\n1,2\n2,5\n", Text());
    }

    [Fact]
    public async Task A_torn_header_alone_starts_a_new_table_and_keeps_the_remains_aside()
    {
        await File.WriteAllTextAsync(_temp["metrics.csv"], "step,tr", TestContext.Current.CancellationToken);

        await using (var logger = Started())
        {
            logger.LogMetrics(Values(("a", 5)), 2);
        }

        Assert.Equal("step,a\n2,5\n", Text());
        Assert.Equal("step,tr", await File.ReadAllTextAsync(_temp["metrics.csv.damaged-0"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_table_of_another_program_is_continued_in_its_own_column_order()
    {
        await File.WriteAllTextAsync(_temp["metrics.csv"], "\ufeffepoch,step,val_loss\r\n0,3,0.5\r\n", TestContext.Current.CancellationToken);

        await using (var logger = Started())
        {
            logger.LogMetrics(Values(("epoch", 1), ("val_loss", 0.25)), 7);
        }

        Assert.EndsWith("0,3,0.5\r\n1,7,0.25\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rewinding_removes_the_rows_that_a_resumed_run_will_write_again()
    {
        await using (var logger = Started())
        {
            for (var step = 0; step < 6; step++)
            {
                logger.LogMetrics(Values(("a", step)), step);
            }
        }

        await using (var resumed = Started())
        {
            resumed.RewindTo(3);
            resumed.LogMetrics(Values(("a", 30), ("late", 1)), 3);
        }

        Assert.Equal("step,a,late\n0,0,\n1,1,\n2,2,\n3,30,1\n", Text());
    }

    [Fact]
    public async Task A_logger_with_its_own_saveDir_makes_its_own_version_and_others_follow_the_run()
    {
        await using var own = new CsvLogger(_temp["mine"], name: "digits");
        await using var following = new CsvLogger();

        own.Start(Run());
        own.Finish(RunStatus.Succeeded);

        Assert.Equal(Path.Combine(_temp["mine"], "digits", "version_0"), own.Directory);
        Assert.Equal(Path.Combine(own.Directory!, "metrics.csv"), own.Path);
        Assert.Null(following.Directory);
    }

    [Fact]
    public void A_logger_that_is_never_started_leaves_nothing_behind()
    {
        _ = new CsvLogger(_temp["mine"]);

        Assert.False(Directory.Exists(_temp["mine"]));
    }

    [Fact]
    public async Task The_prefix_goes_before_names_but_not_before_step_and_epoch()
    {
        await using (var logger = new CsvLogger(prefix: "p"))
        {
            logger.Start(Run());
            logger.LogMetrics(Values(("a", 1), ("epoch", 0), ("step", 77)), 4);
        }

        Assert.Equal("step,epoch,p-a\n4,0,1\n", Text());
    }

    [Fact]
    public async Task Hyper_parameters_are_written_beside_the_metrics()
    {
        await using var logger = Started();

        logger.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1 });

        Assert.Equal("lr: 0.1\n", await File.ReadAllTextAsync(_temp["hparams.yaml"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Logging_before_Start_is_the_wrong_moment()
        => Assert.Throws<InvalidOperationException>(() => new CsvLogger().LogMetrics(Values(("a", 1)), 0));

    [Fact]
    public async Task Every_prefix_of_the_file_that_a_crash_can_leave_is_repaired_to_whole_rows()
    {
        await using (var logger = Started())
        {
            for (var step = 0; step < 5; step++)
            {
                logger.LogMetrics(Values(("loss", step + 0.25), ("acc", double.NaN)), step);
            }
        }

        var whole = Text();
        for (var length = whole.IndexOf('\n', StringComparison.Ordinal) + 1; length <= whole.Length; length++)
        {
            await File.WriteAllTextAsync(_temp["metrics.csv"], whole[..length], TestContext.Current.CancellationToken);

            await using (Started())
            {
            }

            var expected = whole[..(whole.LastIndexOf('\n', length - 1) + 1)];
            Assert.Equal(expected, Text());
        }
    }

    private static Dictionary<string, double> Values(params (string Name, double Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    private RunInfo Run() => new(_temp.Root, "test", "version_0");

    private CsvLogger Started()
    {
        var logger = new CsvLogger();
        logger.Start(Run());
        return logger;
    }

    private string Text()
    {
        using var file = new StreamReader(new FileStream(_temp["metrics.csv"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), detectEncodingFromByteOrderMarks: false);
        return file.ReadToEnd();
    }
}
