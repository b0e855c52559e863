using LightningSharp.Logging.Mlflow;

namespace LightningSharp.Tests.Logging.Mlflow;

public sealed class MlflowSpoolTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Path => _temp[MlflowSpool.FileName];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Requests_come_out_in_order_and_the_file_is_empty_when_all_are_confirmed()
    {
        using var spool = new MlflowSpool(Path);
        spool.Add("metrics", "1");
        spool.Add("params", "2");
        var seen = new List<string>();

        while (spool.TryPeek(out var entry))
        {
            seen.Add($"{entry.Kind} {entry.Body} {spool.Count} {new FileInfo(Path).Length > 0}");
            spool.Confirm();
        }

        Assert.Equal(["metrics 1 2 True", "params 2 1 True"], seen);
        Assert.Equal((0, 0L), (spool.Count, new FileInfo(Path).Length));
        spool.Add("tags", "3");
        Assert.Equal(7, new FileInfo(Path).Length); // from the beginning again
    }

    [Fact]
    public void What_is_not_confirmed_is_there_at_the_next_start_and_nothing_else()
    {
        using (var first = new MlflowSpool(Path))
        {
            first.Add("metrics", "1");
            first.Add("params", "2\t3");
            first.Confirm();
        }

        Assert.Equal("params\t2\t3\n", File.ReadAllText(Path));
        using var second = new MlflowSpool(Path);
        Assert.True(second.TryPeek(out var entry));
        Assert.Equal(("params", "2\t3", 1), (entry.Kind, entry.Body, second.Count));
    }

    [Fact]
    public void A_torn_line_and_lines_that_are_no_requests_are_left_out()
    {
        File.WriteAllText(Path, "metrics\t1\nnonsense\n\tno kind\nparams\t2\ntags\t3");

        using (var spool = new MlflowSpool(Path))
        {
            Assert.Equal(2, spool.Count);
            spool.Add("tags", "4");
        }

        Assert.Equal("metrics\t1\nparams\t2\ntags\t4\n", File.ReadAllText(Path));
    }

    [Fact]
    public void A_request_may_be_confirmed_after_the_end()
    {
        var spool = new MlflowSpool(Path);
        spool.Add("metrics", "1");
        spool.Dispose();

        spool.Confirm();

        Assert.Equal("metrics\t1\n", File.ReadAllText(Path)); // sent again at worst
    }
}
