using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class CsvRepairTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Path => _temp["metrics.csv"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void No_file_and_an_empty_file_have_no_names_and_stay_as_they_are()
    {
        var missing = CsvRepair.ReadHeaderAndCutTornRows(Path);
        var made = File.Exists(Path);
        File.WriteAllText(Path, "");

        Assert.Empty(missing);
        Assert.False(made);
        Assert.Empty(CsvRepair.ReadHeaderAndCutTornRows(Path));
        Assert.Equal(["metrics.csv"], Names());
    }

    [Theory]
    [InlineData("step,a\n")]
    [InlineData("step,a\n0,1\n")]
    [InlineData("step,a\r\n0,1\r\n")]
    [InlineData("step,a\n0,1\n1,\"2,5\"\n")]
    public void A_whole_table_stays_to_the_byte(string table)
    {
        File.WriteAllText(Path, table);

        Assert.Equal(["step", "a"], CsvRepair.ReadHeaderAndCutTornRows(Path));
        Assert.Equal(table, File.ReadAllText(Path));
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(9000)]
    public void Rows_and_headers_longer_than_a_block_are_found_whole(int length)
    {
        var header = "step," + new string('h', length - 6) + "\n"; // of that many bytes with its end
        var row = "0," + new string('1', length - 3) + "\n";
        File.WriteAllText(Path, header + row + row + row[..^1]);

        var names = CsvRepair.ReadHeaderAndCutTornRows(Path);

        Assert.Equal(["step", new string('h', length - 6)], names);
        Assert.Equal(header + row + row, File.ReadAllText(Path));
    }

    [Fact]
    public void Several_torn_rows_go_and_the_header_stays()
    {
        File.WriteAllText(Path, "step,a\n1\n2\n3,\0\n\n4,5,6\n");

        CsvRepair.ReadHeaderAndCutTornRows(Path);

        Assert.Equal("step,a\n", File.ReadAllText(Path));
    }

    [Theory]
    [InlineData("step,a")] // no line end
    [InlineData("st\0ep,a\n0,1\n")]
    [InlineData("\n0,1\n")]
    public void A_file_that_is_no_table_is_put_aside_under_the_next_free_name(string content)
    {
        File.WriteAllText(Path + ".damaged-0", "older");
        File.WriteAllText(Path, content);

        Assert.Empty(CsvRepair.ReadHeaderAndCutTornRows(Path));

        Assert.Equal(["metrics.csv.damaged-0", "metrics.csv.damaged-1"], Names());
        Assert.Equal(("older", content), (File.ReadAllText(Path + ".damaged-0"), File.ReadAllText(Path + ".damaged-1")));
    }

    [Fact]
    public void Names_lose_the_mark_of_the_encoding_and_the_guard_against_formulas()
    {
        File.WriteAllText(Path, "\ufeffstep,'=a,\"b,c\"\n");

        Assert.Equal(["step", "=a", "b,c"], CsvRepair.ReadHeaderAndCutTornRows(Path));
    }

    private IEnumerable<string?> Names() => Directory.GetFiles(_temp.Root).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal);
}
