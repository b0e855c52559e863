using System.Runtime.InteropServices;

namespace LightningSharp.Native;

/// <summary>Finds out why libtorch did not load and says it in five lines.</summary>
internal static class LibTorchDiagnosis
{
    public static BackendException Explain(Exception? cause)
    {
        var system = RuntimeInformation.RuntimeIdentifier;
        var package = NativePackage();
        if (package is null)
        {
            return new BackendException(
                $"libtorch did not load: TorchSharp has no native package for this system ({system}).\n"
                + "  expected   linux-x64, win-x64 or osx-arm64\n"
                + $"  received   {RuntimeInformation.OSDescription}, process {RuntimeInformation.ProcessArchitecture}\n"
                + "  fix        run on one of the systems above (in a container or virtual machine, for example).", cause);
        }

        var library = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        if (LibTorchFiles.Find(library) is null)
        {
            return new BackendException(
                $"libtorch did not load: the application has no native package ({library} was not found).\n"
                + $"  expected   {library} beside the application or under runtimes/{system}/native\n"
                + $"  searched   {string.Join(", ", LibTorchFiles.SearchFolders().Take(3))}\n"
                + $"  fix        dotnet add package {package} --version 2.10.0", cause);
        }

        return new BackendException(
            "libtorch did not load: its files are there, but the system's loader refused them.\n"
            + $"  system     {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}\n"
            + $"  reason     {Reason(cause)}\n"
            + "  expected   libstdc++ of GCC 11 or newer, and a libtorch package of version 2.10\n"
            + "  fix        apt-get install libstdc++6 libgomp1   (or your system's equivalent)", cause);
    }

    private static string? NativePackage()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        if (OperatingSystem.IsLinux() && architecture == Architecture.X64) return "libtorch-cpu-linux-x64";
        if (OperatingSystem.IsWindows() && architecture == Architecture.X64) return "libtorch-cpu-win-x64";
        return OperatingSystem.IsMacOS() && architecture == Architecture.Arm64 ? "libtorch-cpu-osx-arm64" : null;
    }

    // The runtime puts advice about strace first; the loader's own reason, which names a file and what it lacks, comes on the lines behind it.
    private static string Reason(Exception? cause)
    {
        while (cause?.InnerException is { } inner) cause = inner;
        if (cause is null) return "unknown";
        var lines = cause.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.StartsWith('/') || line.Contains("GLIBC", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "unknown";
    }
}
