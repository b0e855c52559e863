using LightningSharp.Callbacks;
using System.Runtime.CompilerServices;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

/// <summary>Runs of other tests write nothing to the console: a log of tests is about tests.</summary>
internal static class QuietRuns
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable(ConsoleSetting.Variable) is null) Environment.SetEnvironmentVariable(ConsoleSetting.Variable, "quiet");
    }
}
