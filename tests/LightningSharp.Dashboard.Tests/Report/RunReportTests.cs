using System.Globalization;
using LightningSharp.Logging;
using LightningSharp.Report;

namespace LightningSharp.Dashboard.Tests.Report;

public sealed class RunReportTests : IDisposable
{
    private const string Attack = "</script><script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task The_report_holds_everything_that_was_logged_and_fetches_nothing()
    {
        await Train();

        var html = await File.ReadAllTextAsync(RunReport.Write(_temp.Root), TestContext.Current.CancellationToken);

        Assert.Contains("train_loss", html, StringComparison.Ordinal);
        Assert.Contains("lr: 0.1", html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", html, StringComparison.Ordinal);
        Assert.Contains("epoch=1.ckpt", html, StringComparison.Ordinal);
        Assert.Contains("Succeeded", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task In_a_browser_the_curves_are_drawn()
    {
        await Train();

        var dom = Browser.Dom("file://" + RunReport.Write(_temp.Root));

        Assert.Contains("data-ready=\"1\"", dom, StringComparison.Ordinal);
        Assert.Contains("data-drawn=\"400\"", dom, StringComparison.Ordinal); // train_loss and val_loss in one chart
        Assert.Contains("<rect", dom, StringComparison.Ordinal); // the histogram
    }

    [Fact]
    public async Task In_a_narrow_window_the_page_is_not_wider_than_it_and_numbers_stay_whole()
    {
        await Train();
        await using var page = await BrowserPage.Open("file://" + RunReport.Write(_temp.Root));

        await page.Resize(420);
        await page.Until("document.body !== null && document.body.dataset.ready === '1'");

        Assert.Equal("true", (await page.Evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).ToLowerInvariant());
        Assert.Equal("0", await page.Evaluate("[...document.querySelectorAll('#summary tr')].filter(row => { const range = document.createRange(); return [...row.cells].slice(1).some(c => { range.selectNodeContents(c); return range.getClientRects().length > 1; }); }).length"));
    }

    [Fact]
    public async Task A_million_values_make_a_small_page_that_opens_at_once()
    {
        await using (var text = new StreamWriter(_temp["metrics.csv"]))
        {
            await text.WriteAsync("step,a,b,c,d\n");
            for (var i = 0; i < 250_000; i++) await text.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{i},{1.0 / (i + 1)},{Math.Sin(i / 1e4):0.0000},{i % 7},{(i == 100_000 ? 99 : 1)}\n"));
        }

        var file = RunReport.Write(_temp.Root);
        await using var page = await BrowserPage.Open("file://" + file);
        await page.Until("document.body !== null && document.body.dataset.ready === '1'");
        var ready = await page.Evaluate("Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)");

        Assert.InRange(new FileInfo(file).Length, 10_000, 1_000_000);
        Assert.Equal("4", await page.Evaluate("document.querySelectorAll('[data-drawn]').length"));
        Assert.Contains("99", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KEEP_PLOTS") is { Length: > 0 } keep)
        {
            await page.Screenshot(Path.Combine(keep, "report.png"));
            await File.WriteAllTextAsync(Path.Combine(keep, "report.txt"), $"report of 1,000,000 values: {new FileInfo(file).Length / 1e3:0} kB, loaded in {ready} ms\n", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task In_a_browser_hostile_names_and_texts_stay_text()
    {
        await Train(Attack);

        var dom = Browser.Dom("file://" + RunReport.Write(_temp.Root));

        Assert.Contains("data-ready=\"1\"", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>hacked", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=\"x\"", dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_browser_too_no_markup_of_a_name_reaches_the_page()
    {
        await Train(Attack);

        var html = await File.ReadAllTextAsync(RunReport.Write(_temp.Root), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("<script>document", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<script").Length - 1);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_killed_gets_its_report_from_what_is_on_disk()
    {
        await File.WriteAllTextAsync(_temp["metrics.csv"], "step,loss\n0,1\n1,0.5\n2,0.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_temp["events.jsonl"], "{\"event\":\"run\",\"environment\":{\"command\":\"dotnet run -- --lr 3\"}}\n{\"event\":\"met", TestContext.Current.CancellationToken);

        var html = await File.ReadAllTextAsync(RunReport.Write(_temp.Root), TestContext.Current.CancellationToken);

        Assert.Contains("{\"name\":\"loss\",\"x\":[0,1],\"y\":[1,0.5]}", html, StringComparison.Ordinal);
        Assert.Contains("dotnet run -- --lr 3", html, StringComparison.Ordinal);
        Assert.Contains("did not end", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_by_name()
        => Assert.Contains("nowhere", Assert.Throws<DirectoryNotFoundException>(() => RunReport.Write(_temp["nowhere"])).Message, StringComparison.Ordinal);

    private async Task Train(string name = "plain")
    {
        Directory.CreateDirectory(_temp["checkpoints"]);
        await File.WriteAllBytesAsync(_temp["checkpoints/epoch=1.ckpt"], new byte[1000]);
        await using var csv = new CsvLogger();
        await using var json = new JsonLinesLogger();
        csv.Start(new(_temp.Root, "a", "b"));
        json.Start(new(_temp.Root, "a", "b"));
        csv.LogHyperParameters(new Dictionary<string, object?> { ["lr"] = 0.1, [name] = name });
        for (var step = 0; step < 200; step++)
        {
            csv.LogMetrics(new Dictionary<string, double> { ["train_loss"] = Math.Exp(-step / 50.0), ["val_loss"] = step == 100 ? double.NaN : Math.Exp(-step / 60.0) + 0.1, [name] = step }, step);
        }

        json.LogImage(name, new ImageData(4, 4, 1, new byte[16]), 1);
        json.LogText(name, name, 1);
        json.LogTable(name, [name], [[name]], 1);
        json.LogHistogram(name, HistogramData.Of([1f, 2f, 2f, 3f]), 1);
        csv.Finish(RunStatus.Succeeded);
        json.Finish(RunStatus.Succeeded);
    }
}
