using System.Diagnostics;
using LightningSharp.Tests.Native;

namespace LightningSharp.Tests.Reliability;

/// <summary>The training of tests/LightningSharp.Faults in a process of its own; its lines are kept as they come.</summary>
internal sealed class TrainProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private TrainProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public IReadOnlyList<string> Lines => _lines;

    public string Errors => _errors.Result;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>The hash that a run which reached its end printed.</summary>
    public string? Weights => _lines.LastOrDefault(line => line.StartsWith("weights ", StringComparison.Ordinal));

    public string All => string.Join('\n', _lines) + "\n" + (_process.HasExited ? Errors : string.Empty);

    public static TrainProcess Start(string folder, params string[] settings) => new(FaultProcess.Start(["run", folder, .. settings]));

    public static TrainProcess Finish(string folder, params string[] settings)
    {
        var process = Start(folder, settings);
        process.WaitForEnd();
        return process;
    }

    /// <summary>Reads until a line starts with <paramref name="text"/>; false at the end of the output.</summary>
    public bool WaitFor(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(text, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Kill() => _process.Kill();

    public void WaitForEnd()
    {
        while (_process.StandardOutput.ReadLine() is { } line) _lines.Add(line);
        if (!_process.WaitForExit(120_000)) _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
