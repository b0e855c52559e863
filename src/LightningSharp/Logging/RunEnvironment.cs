using System.Runtime.InteropServices;
using TorchSharp;

namespace LightningSharp.Logging;

/// <summary>Where and how a run happens: what a reader needs to repeat it.</summary>
public static class RunEnvironment
{
    /// <summary>Command, folder, machine, system, runtime and package versions of this process, as plain data.</summary>
    public static IReadOnlyDictionary<string, object?> Current() => new Dictionary<string, object?>
    {
        ["command"] = Command(Environment.ProcessPath, Environment.GetCommandLineArgs()),
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

    // The first argument is the program's library, which no shell can run: its executable can, or dotnet with it.
    internal static string Command(string? process, IReadOnlyList<string> arguments)
    {
        var program = arguments[0];
        IEnumerable<string> start = !program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || process is null ? [program]
            : Path.GetFileNameWithoutExtension(process) == "dotnet" ? ["dotnet", program] : [process];
        return string.Join(' ', start.Concat(arguments.Skip(1)).Select(part => part.Length > 0 && !part.Any(char.IsWhiteSpace) ? part : $"\"{part}\""));
    }

    private static string Version(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
