using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class CsvTableTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Path => _temp["metrics.csv"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Rows_are_counted_in_the_file_and_on_the_way_to_it()
    {
        File.WriteAllText(Path, "step,a\n0,1\n1,2\n");
        using var table = new CsvTable(Path);
        var before = table.RowCount;

        table.Append(2, [null, 3]);
        var pending = table.RowCount;
        table.Flush(toDisk: true);

        Assert.Equal((2L, 3L, 3L), (before, pending, table.RowCount));
        Assert.Equal("step,a\n0,1\n1,2\n2,3\n", Text());
    }

    [Fact]
    public void A_column_that_comes_while_rows_wait_is_empty_in_them()
    {
        using var table = new CsvTable(Path);
        var a = table.AddColumn("a");
        table.Append(0, [null, 1]);

        var b = table.AddColumn("b");
        table.Append(1, [null, 2, 3]);
        table.Flush(toDisk: false);

        Assert.Equal((1, 2, 1, 3), (a, b, table.AddColumn("a"), table.ColumnCount));
        Assert.Equal("step,a,b\n0,1,\n1,2,3\n", Text());
        Assert.Equal(2, table.RowCount);
    }

    [Fact]
    public void A_new_column_changes_nothing_on_disk_before_there_is_a_row_for_it()
    {
        using var table = new CsvTable(Path);

        table.AddColumn("a");
        table.Flush(toDisk: true);

        Assert.Equal("", Text());
    }

    [Fact]
    public void A_row_shorter_than_the_columns_is_filled_up()
    {
        using var table = new CsvTable(Path);
        table.AddColumn("a");
        table.AddColumn("b");

        table.Append(0, [null, 1]);
        table.Flush(toDisk: false);

        Assert.Equal("step,a,b\n0,1,\n", Text());
    }

    [Fact]
    public void A_table_without_a_step_column_gets_one_at_its_end()
    {
        File.WriteAllText(Path, "a\n1\n");
        using var table = new CsvTable(Path);

        table.Append(7, [2.0]);
        table.Flush(toDisk: false);

        Assert.Equal(1, table.StepColumn);
        Assert.Equal("a,step\n1,\n2,7\n", Text());
        table.RemoveFrom(0);
        Assert.Equal("a,step\n1,\n", Text()); // a row of another program has no step
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "0,10\n")]
    [InlineData(2, "0,10\n5,11\n")]
    [InlineData(3, "0,10\n5,11\n9,12\n")]
    [InlineData(4, "0,10\n5,11\n9,12\n")]
    public void The_first_rows_are_kept_and_the_others_go(long rows, string expected)
    {
        using var table = Three();

        table.KeepFirst(rows);

        Assert.Equal("step,a\n" + expected, Text());
        Assert.Equal(Math.Min(3, rows), table.RowCount);
        table.Append(6, [null, 99]);
        table.Flush(toDisk: false);
        Assert.Equal("step,a\n" + expected + "6,99\n", Text());
        Assert.Equal(["metrics.csv"], Directory.GetFiles(_temp.Root).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(5, "0,10\n")]
    [InlineData(6, "0,10\n5,11\n")]
    [InlineData(10, "0,10\n5,11\n9,12\n")]
    public void Rows_from_a_step_on_go(long step, string expected)
    {
        using var table = Three();

        table.RemoveFrom(step);

        Assert.Equal("step,a\n" + expected, Text());
        Assert.Equal(expected.Count(c => c == '\n'), table.RowCount);
    }

    [Fact]
    public async Task A_resumed_run_takes_back_the_rows_that_came_after_its_checkpoint()
    {
        IReadOnlyDictionary<string, object?> state;
        await using (var first = new CsvLogger())
        {
            first.Start(new(_temp.Root, "test", "version_0"));
            first.LogMetrics(new Dictionary<string, double> { ["a"] = 1 }, 0);
            state = first.StateDict(); // nothing is on disk yet
            first.LogMetrics(new Dictionary<string, double> { ["a"] = 2 }, 1);
        }

        await using (var resumed = new CsvLogger())
        {
            resumed.Start(new(_temp.Root, "test", "version_0"));
            resumed.LoadStateDict(new Dictionary<string, object?> { ["path"] = "elsewhere", ["rows"] = 0L });
            var untouched = Text();
            resumed.LoadStateDict(state);
            Assert.Equal("step,a\n0,1\n1,2\n", untouched);
        }

        Assert.Equal((Path, 1L), (state["path"], state["rows"]));
        Assert.Equal("step,a\n0,1\n", Text());
    }

    [Fact]
    public void A_logger_that_never_started_has_no_rows()
        => Assert.Equal(0L, Convert.ToInt64(new CsvLogger().StateDict()["rows"], System.Globalization.CultureInfo.InvariantCulture));

    private CsvTable Three()
    {
        var table = new CsvTable(Path);
        table.AddColumn("a");
        table.Append(0, [null, 10]);
        table.Append(5, [null, 11]);
        table.Append(9, [null, 12]); // still on its way
        return table;
    }

    private string Text()
    {
        using var file = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return file.ReadToEnd();
    }
}
