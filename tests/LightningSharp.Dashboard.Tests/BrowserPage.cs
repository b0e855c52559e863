using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace LightningSharp.Dashboard.Tests;

/// <summary>A page in a headless Chromium that stays open, driven over the DevTools protocol: for pages that never finish loading, like a live one.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TempFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private int _lastId;
    private string _session = "";

    private BrowserPage(Process process, TempFolder profile) => (_process, _profile) = (process, profile);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<BrowserPage> Open(string url)
    {
        var program = Browser.Program;
        if (program is null)
        {
            Assert.Skip("no Chromium on this machine");
        }

        var profile = new TempFolder();
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1300,1100", "--remote-debugging-port=0", $"--user-data-dir={profile.Root}", "about:blank"])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!; // a program that exists starts or throws
        var page = new BrowserPage(process, profile);
        try
        {
            await page.Connect(url);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    private async Task Connect(string url)
    {
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }
        while (line?.StartsWith("DevTools listening on ", StringComparison.Ordinal) == false);

        // a full pipe would stop the browser
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        await _socket.ConnectAsync(new Uri(line!["DevTools listening on ".Length..]), Cancel); // the loop ends with that line or at the end of the stream, which throws here
        var target = (await Call("Target.createTarget", new() { ["url"] = url })).GetProperty("targetId").GetString();
        _session = (await Call("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true })).GetProperty("sessionId").GetString()!; // part of the protocol
    }

    /// <summary>The width of the window, as on a telephone.</summary>
    internal Task Resize(int width)
        => Call("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    internal async Task<string> Evaluate(string script)
    {
        var answer = await Call("Runtime.evaluate", new() { ["expression"] = $"String({script})" });
        return answer.GetProperty("result").GetProperty("value").GetString() ?? "";
    }

    /// <summary>Waits until the script gives "true".</summary>
    internal async Task Until(string script)
    {
        var watch = Stopwatch.StartNew();
        while (await Evaluate(script) != "true")
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"never came true in the page: {script}");
            await Task.Delay(50, Cancel);
        }
    }

    internal async Task Screenshot(string path)
    {
        var answer = await Call("Page.captureScreenshot", []);
        await File.WriteAllBytesAsync(path, answer.GetProperty("data").GetBytesFromBase64(), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _socket.Dispose();
        _process.Dispose();
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // a dying child of the browser may still write there
        }
    }

    private async Task<JsonElement> Call(string method, Dictionary<string, object?> parameters)
    {
        var id = ++_lastId;
        Dictionary<string, object?> message = new() { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0)
        {
            message["sessionId"] = _session;
        }

        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, Cancel);
        while (true)
        {
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), Cancel);
                bytes.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            var answer = JsonDocument.Parse(bytes.ToArray()).RootElement;
            if (answer.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                return answer.GetProperty("result");
            }
        }
    }
}
