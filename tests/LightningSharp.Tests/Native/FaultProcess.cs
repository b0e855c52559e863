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

    public static Process Start(params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        process.StartInfo.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        process.Start();
        return process;
    }

    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return ProgramRun.Finish(process);
    }
}
