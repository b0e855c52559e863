using System.Diagnostics;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Native;

/// <summary>Starts tests/LightningSharp.Faults, one process per injected fault.</summary>
internal static class FaultProcess
{
    public static string Program
    {
        get
        {
            // artifacts/bin/<project>/<configuration>/
            var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(own.Parent!.Parent!.FullName, "LightningSharp.Faults", own.Name, OperatingSystem.IsWindows() ? "LightningSharp.Faults.exe" : "LightningSharp.Faults");
        }
    }

    public static Process Start(params string[] arguments) => Start(arguments, null);

    private static Process Start(string[] arguments, (string Name, string Value)? variable)
    {
        var process = new Process
        {
            StartInfo = new(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        process.StartInfo.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        if (variable is { } set) process.StartInfo.Environment[set.Name] = set.Value;
        process.Start();
        return process;
    }

    public static (int Code, string Output, string Error) Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>With an environment variable.</summary>
    public static (int Code, string Output, string Error) RunWith(string variable, string value, params string[] arguments) => Finish(Start(arguments, (variable, value)));

    private static (int Code, string Output, string Error) Finish(Process started)
    {
        using var process = started;
        return ProgramRun.Finish(process);
    }
}
