using System.Diagnostics;

namespace LightningSharp.Tests.Support;

/// <summary>Another program, run to its end; one that does not come to it within a minute is ended.</summary>
internal static class ProgramRun
{
    private const int Limit = 60_000; // milliseconds

    public static (int Code, string Output, string Error) Of(string program, IEnumerable<string> arguments, string? without = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (without is not null) start.Environment.Remove(without);
        using var process = Process.Start(start)!; // not null: no shell of the system
        return Finish(process);
    }

    /// <summary>Both streams are read at once: a full pipe would hold the program up.</summary>
    public static (int Code, string Output, string Error) Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit)) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
