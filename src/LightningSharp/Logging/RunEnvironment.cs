using System.Runtime.InteropServices;
using TorchSharp;

namespace LightningSharp.Logging;

/// <summary>Where and how a run happens: what a reader needs to repeat it.</summary>
public static class RunEnvironment
{
    /// <summary>Command, folder, machine, system, runtime and package versions of this process, as plain data.</summary>
    public static IReadOnlyDictionary<string, object?> Current() => new Dictionary<string, object?>
    {
        ["command"] = Environment.CommandLine,
        ["working_directory"] = Environment.CurrentDirectory,
        ["machine"] = Environment.MachineName,
        ["system"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["processors"] = Environment.ProcessorCount,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["lightningsharp"] = Version(typeof(RunEnvironment)),
        ["torchsharp"] = Version(typeof(torch)),
        ["process_id"] = Environment.ProcessId,
    };

    private static string Version(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
