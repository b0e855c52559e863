using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LightningSharp.Logging;

namespace LightningSharp.Dashboard.Tests;

public sealed class DashboardServerTests : IDisposable
{
    private const string Attack = "<img src=x onerror=document.title='hacked'>";

    private readonly TempFolder _temp = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/api/runs")]
    [InlineData("/api/series?run=a&name=b")]
    [InlineData("/api/run?run=a")]
    [InlineData("/api/picture?run=a&index=0")]
    [InlineData("/api/events?run=a")]
    [InlineData("/?token=00000000000000000000000000000000")]
    [InlineData("/?token=")]
    public async Task Without_the_token_nothing_is_answered(string path)
    {
        await using var server = await Start();
        using var http = new HttpClient();

        using var answer = await http.GetAsync(server.Address + path, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task With_the_token_the_address_opens_the_page_and_a_cookie_carries_on()
    {
        await using var server = await Start();
        using var http = new HttpClient();

        using var page = await http.GetAsync(server.Url, Cancel);
        using var runs = await http.GetAsync(server.Address + "/api/runs", Cancel);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, runs.StatusCode);
        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_listens_on_loopback_only_and_refuses_foreign_host_names()
    {
        await using var server = await Start();
        using var http = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "/api/runs") { Headers = { Host = "evil.example" } };

        using var answer = await http.SendAsync(request, Cancel);

        Assert.StartsWith("http://127.0.0.1:", server.Address, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("/etc")]
    [InlineData("a/../../secret")]
    [InlineData("..\\secret")]
    [InlineData("a\0")]
    [InlineData("nothing")]
    public async Task A_path_that_is_not_a_run_below_the_root_is_not_found(string id)
    {
        Row(_temp["secret"], 0);
        Row(_temp["logs/a"], 0);
        await using var server = await Start(_temp["logs"]);
        using var http = Client(server);

        foreach (var path in (string[])["run", "picture"])
        {
            using var answer = await http.GetAsync($"{server.Address}/api/{path}?index=0&run={Uri.EscapeDataString(id)}", Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Empty((await Get(http, server, $"/api/series?name=loss&run={Uri.EscapeDataString(id)}")).EnumerateArray());
        using var control = await Ask(http, server, id, "stop");
        Assert.Equal(HttpStatusCode.NotFound, control.StatusCode);
        Assert.False(File.Exists(_temp["secret/control.stop"]));
    }

    [Fact]
    public async Task A_link_out_of_the_root_is_not_followed()
    {
        Row(_temp["secret"], 0);
        Directory.CreateDirectory(_temp["logs"]);
        Directory.CreateSymbolicLink(_temp["logs/link"], _temp["secret"]);
        await using var server = await Start(_temp["logs"]);
        using var http = Client(server);

        Assert.Empty((await Get(http, server, "/api/runs")).EnumerateArray());
    }

    [Fact]
    public async Task Runs_at_any_depth_are_listed_and_their_curves_come_down_sampled()
    {
        var text = new StringBuilder("step,loss\n");
        for (var i = 0; i < 100_000; i++)
        {
            text.Append(i).Append(',').Append(i == 50_000 ? "99" : "1").Append('\n');
        }

        Directory.CreateDirectory(_temp["exp/version_0"]);
        await File.WriteAllTextAsync(_temp["exp/version_0/metrics.csv"], text.ToString(), Cancel);
        Row(_temp["exp/version_1"], 5);
        await using var server = await Start();
        using var http = Client(server);

        var ids = (await Get(http, server, "/api/runs")).EnumerateArray().Select(r => r.GetProperty("id").GetString()).Order();
        var series = (await Get(http, server, "/api/series?run=exp/version_0&run=exp/version_1&name=loss&points=500")).EnumerateArray().ToList();

        Assert.Equal(["exp/version_0", "exp/version_1"], ids);
        Assert.InRange(series[0].GetProperty("x").GetArrayLength(), 250, 502);
        Assert.Contains(series[0].GetProperty("y").EnumerateArray(), y => y.GetDouble() == 99);
        Assert.Equal(1, series[1].GetProperty("x").GetArrayLength());
    }

    [Fact]
    public async Task Stop_and_save_leave_the_files_that_the_trainer_looks_for()
    {
        Row(_temp["a"], 0);
        await using var server = await Start();
        using var http = Client(server);

        using var stop = await Ask(http, server, "a", "stop");
        using var save = await Ask(http, server, "a", "save");
        using var other = await Ask(http, server, "a", "format the disk");
        using var forged = await http.PostAsync($"{server.Address}/api/control?run=a&action=stop", null, Cancel);

        Assert.Equal(HttpStatusCode.OK, stop.StatusCode);
        Assert.Equal(HttpStatusCode.OK, save.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Equal(RunRequests.Stop | RunRequests.Save, RunControl.Take(_temp["a"]));
        Assert.Equal(RunRequests.None, RunControl.Take(_temp["a"]));
    }

    [Fact]
    public async Task Control_can_be_switched_off()
    {
        Row(_temp["a"], 0);
        await using var server = await DashboardServer.StartAsync(new() { Root = _temp.Root, AllowControl = false }, Cancel);
        using var http = Client(server);

        using var stop = await Ask(http, server, "a", "stop");

        Assert.Equal(HttpStatusCode.Forbidden, stop.StatusCode);
    }

    [Fact]
    public async Task A_row_that_is_written_while_the_page_looks_on_is_announced()
    {
        Row(_temp["a"], 0);
        await using var server = await Start();
        using var http = Client(server);
        await using var stream = await http.GetStreamAsync($"{server.Address}/api/events?run=a", Cancel);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: changed", await NextLine(reader));
        Assert.Equal("data: a", await NextLine(reader));

        Row(_temp["a"], 1);

        Assert.Equal("event: changed", await NextLine(reader));
        var series = (await Get(http, server, "/api/series?run=a&name=loss"))[0];
        Assert.Equal(2, series.GetProperty("x").GetArrayLength());
    }

    [Fact]
    public async Task In_a_browser_the_curves_of_a_run_are_drawn_and_hostile_names_stay_text()
    {
        Directory.CreateDirectory(_temp[Attack.Replace('/', '_')]);
        await File.WriteAllTextAsync(
            Path.Combine(_temp[Attack.Replace('/', '_')], "metrics.csv"), $"step,loss,{Attack}\n0,1,2\n1,0.5,nan\n2,0.25,3\n", Cancel);
        await using var server = await Start();

        await using var page = await BrowserPage.Open(server.Url);
        await page.Until("document.body !== null && document.body.dataset.ready === '1'");

        Assert.Equal("2", await page.Evaluate("document.querySelectorAll('[data-drawn=\"3\"]').length"));
        Assert.Equal("LightningSharp", await page.Evaluate("document.title"));
        Assert.Equal("0", await page.Evaluate("document.querySelectorAll('img').length"));
        Assert.Contains("<img src=x", await page.Evaluate("document.body.textContent"), StringComparison.Ordinal);
        Assert.DoesNotContain("token", await page.Evaluate("location.href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_browser_new_rows_appear_by_themselves_and_the_stop_button_asks_the_run()
    {
        for (var step = 0; step < 10; step++)
        {
            Row(_temp["a"], step);
        }

        await using var server = await Start();
        await using var page = await BrowserPage.Open(server.Url);
        await page.Until("document.querySelector('[data-drawn=\"10\"]') !== null");

        Row(_temp["a"], 10);
        await page.Until("document.querySelector('[data-drawn=\"11\"]') !== null");
        await page.Until("document.getElementById('stop') !== null");
        await page.Evaluate("document.getElementById('stop').click()");
        await page.Until("document.getElementById('stop').textContent === 'asked'");

        Assert.Equal(RunRequests.Stop, RunControl.Take(_temp["a"]));
    }

    [Fact]
    public async Task In_a_browser_a_narrow_window_is_not_wider_than_itself_and_the_epoch_comes_last()
    {
        Directory.CreateDirectory(_temp["a"]);
        await File.WriteAllTextAsync(Path.Combine(_temp["a"], "metrics.csv"), "step,epoch,loss,val_loss\n0,0,1,2\n1,0,0.5,1\n", Cancel);
        await using var server = await Start();
        await using var page = await BrowserPage.Open(server.Url);

        await page.Resize(420);
        await page.Until("document.querySelectorAll('[data-drawn=\"2\"]').length === 3");

        Assert.Equal("true", (await page.Evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).ToLowerInvariant());
        Assert.Equal("loss val_loss epoch", await page.Evaluate("[...document.querySelectorAll('#curves h3')].map(h => h.textContent).join(' ')"));
    }

    [Fact]
    public async Task In_a_browser_a_run_of_a_million_points_is_drawn_and_zoomed()
    {
        Directory.CreateDirectory(_temp["big"]);
        await using (var text = new StreamWriter(_temp["big/metrics.csv"]))
        {
            await text.WriteAsync("step,loss\n");
            for (var i = 0; i < 1_000_000; i++)
            {
                text.Write(i);
                text.Write(i == 700_000 ? ",50\n" : i % 2 == 0 ? ",1.25\n" : ",1.5\n");
            }
        }

        await using var server = await Start();
        await using var page = await BrowserPage.Open(server.Url);
        await page.Until("document.querySelector('[data-drawn]') !== null && +document.querySelector('[data-drawn]').dataset.drawn > 1000");

        Assert.Equal("true", await page.Evaluate("+document.querySelector('[data-drawn]').dataset.drawn < 3000"));
        var answer = await Get(Client(server), server, "/api/series?run=big&name=loss&from=699990&to=700010&points=1200");
        Assert.Equal(23, answer[0].GetProperty("x").GetArrayLength());
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KEEP_PLOTS") is { Length: > 0 } keep)
        {
            await page.Screenshot(Path.Combine(keep, "million.png"));
        }
    }

    [Fact]
    public async Task Runs_are_filtered_by_name_and_by_hyper_parameters_and_compared()
    {
        await Sweep(3);
        await using var server = await Start();
        using var http = Client(server);

        var slow = (await Get(http, server, $"/api/runs?filter={Uri.EscapeDataString("lr<0.25")}")).EnumerateArray().Select(r => r.GetProperty("id").GetString()).Order();
        var named = (await Get(http, server, "/api/runs?filter=version_2")).EnumerateArray().Select(r => r.GetProperty("id").GetString());
        var compared = await Get(http, server, "/api/compare?run=sweep/version_0&run=sweep/version_1&run=nothing");

        Assert.Equal(["sweep/version_0", "sweep/version_1"], slow);
        Assert.Equal(["sweep/version_2"], named);
        Assert.Equal("""{"parameters":["lr"],"metrics":["loss"],"rows":[["sweep/version_0","0.1",1],["sweep/version_1","0.2",1]]}""", compared.GetRawText());
    }

    [Fact]
    public async Task In_a_browser_a_hundred_runs_are_listed_filtered_and_put_side_by_side()
    {
        await Sweep(100);
        await using var server = await Start();

        await using var page = await BrowserPage.Open(server.Url);
        await page.Until("document.body !== null && document.body.dataset.ready === '1'");
        var paint = await page.Evaluate("Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)");
        var ready = await page.Evaluate("Math.round(performance.now())");

        Assert.Equal("100", await page.Evaluate("document.querySelectorAll('#runs label').length"));
        await page.Evaluate("(function () { var f = document.getElementById('filter'); f.value = 'lr>=9.95'; f.oninput(); })()");
        await page.Until("document.querySelectorAll('#runs label').length === 1"); // lr goes from 0.1 to 10 in steps of 0.1
        await page.Evaluate("(function () { var f = document.getElementById('filter'); f.value = ''; f.oninput(); })()");
        await page.Until("document.querySelectorAll('#runs label').length === 100");
        await page.Evaluate("document.querySelectorAll('#runs input:not(:checked)').forEach(function (box, i) { if (i < 4) box.click(); })");
        await page.Until("document.querySelectorAll('#compare tr').length === 6");
        await page.Evaluate("document.querySelectorAll('#compare th')[1].click()");
        Assert.Contains("▲", await page.Evaluate("document.querySelectorAll('#compare th')[1].textContent"), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_KEEP_PLOTS") is { Length: > 0 } keep)
        {
            await page.Screenshot(Path.Combine(keep, "hundred.png"));
            await File.WriteAllTextAsync(Path.Combine(keep, "hundred.txt"), $"first contentful paint {paint} ms, list and curves there at {ready} ms\n", Cancel);
        }
    }

    [Fact]
    public async Task A_token_that_is_too_short_is_refused()
        => await Assert.ThrowsAsync<ArgumentException>(() => DashboardServer.StartAsync(new() { Token = "x" }, Cancel));

    private static async Task<string?> NextLine(StreamReader reader)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(20) && await reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line.Length > 0)
            {
                return line;
            }
        }

        return null;
    }

    private static HttpClient Client(DashboardServer server) => new() { DefaultRequestHeaders = { Authorization = new("Bearer", server.Token) } };

    private static async Task<JsonElement> Get(HttpClient http, DashboardServer server, string path)
        => JsonDocument.Parse(await http.GetStringAsync(server.Address + path, Cancel)).RootElement;

    private static Task<HttpResponseMessage> Ask(HttpClient http, DashboardServer server, string run, string action)
        => http.SendAsync(
            new(HttpMethod.Post, $"{server.Address}/api/control?run={Uri.EscapeDataString(run)}&action={Uri.EscapeDataString(action)}") { Headers = { { "X-LightningSharp", "1" } } }, Cancel);

    /// <summary>Runs that differ in their learning rate: 0.1, 0.2, ...</summary>
    private async Task Sweep(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var folder = _temp[$"sweep/version_{i}"];
            Row(folder, 0);
            await File.WriteAllTextAsync(Path.Combine(folder, "hparams.yaml"), string.Create(CultureInfo.InvariantCulture, $"optimizer: adam\nlr: {(i + 1) / 10.0}\n"), Cancel);
        }
    }

    private static void Row(string folder, int step)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "metrics.csv");
        File.AppendAllText(path, (File.Exists(path) ? "" : "step,loss\n") + $"{step},1\n");
    }

    private Task<DashboardServer> Start(string? root = null)
        => DashboardServer.StartAsync(new() { Root = root ?? _temp.Root, RefreshEvery = TimeSpan.FromMilliseconds(50) }, Cancel);
}
