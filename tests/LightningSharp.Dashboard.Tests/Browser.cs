using System.Diagnostics;

namespace LightningSharp.Dashboard.Tests;

/// <summary>A headless Chromium, when this machine has one.</summary>
internal static class Browser
{
    internal static string? Program { get; } = ((string[])["chromium-headless-shell", "chromium", "google-chrome"])
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The page's document after its scripts ran for the given time of its own clock. Skips the test where there is no browser.</summary>
    internal static string Dom(string url, int milliseconds = 3_000)
    {
        if (Program is null)
        {
            Assert.Skip("no Chromium on this machine");
        }

        using var profile = new TempFolder();
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1300,1400", $"--user-data-dir={profile.Root}", $"--virtual-time-budget={milliseconds}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add("--dump-dom");
        start.ArgumentList.Add(url);
        using var process = Process.Start(start)!; // a program that exists starts or throws
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var dom = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "the browser did not end");
        return dom;
    }
}
