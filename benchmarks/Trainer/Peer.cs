using System.Diagnostics;
using System.Globalization;

namespace LightningSharp.Benchmarks;

/// <summary>One way to train, in a process of its own that waits while the others have their turn: the C library's settings hold for a whole process.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;
    private string _complaint = "";

    private Peer(string name, Process process)
    {
        (Name, _process) = (name, process);
        process.ErrorDataReceived += (_, line) => _complaint = line.Data ?? _complaint;
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public static Peer Ours(string name, string model, string style, int batch)
        => new(name, Program(["--worker", model, style, $"{batch}"]));

    /// <summary>This program once more, as a child.</summary>
    public static Process Program(string[] arguments)
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" // the shared host: dotnet x.dll
            ? Start(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "LightningSharp.Benchmarks.dll"), .. arguments])
            : Start(Environment.ProcessPath!, arguments); // a program that runs has a path

    /// <summary>Python's torch, when there is one.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch size.</param>
    /// <param name="tuned">
    /// With what an expert sets by hand: memory kept by the C library (the same thresholds and the one arena that our policy sets) and channels-last weights.
    /// </param>
    public static Peer? Python(string name, string model, int batch, bool tuned = false)
        => Python(
            name, "import torch", ["peer.py", model, $"{batch}", MnistFolder(), tuned ? "tuned" : "as-it-comes"],
            tuned ? [("MALLOC_MMAP_MAX_", "0"), ("MALLOC_TRIM_THRESHOLD_", "17179869184"), ("MALLOC_ARENA_MAX", "1")] : []);

    /// <summary>PyTorch Lightning, when Python finds it (installed, or on PYTHONPATH).</summary>
    public static Peer? Lightning(string name, string model, int batch)
        => Python(name, "import torch\ntry:\n import lightning.pytorch\nexcept ImportError:\n import pytorch_lightning.trainer", ["peer_lightning.py", model, $"{batch}"]);

    private static Peer? Python(string name, string needs, string[] arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python)) return null;
        using var probe = Start(python, ["-c", needs]);
        _ = probe.StandardError.ReadToEndAsync(); // a missing module says much
        probe.WaitForExit();
        return probe.ExitCode == 0 ? new(name, Start(python, [Path.Combine(AppContext.BaseDirectory, arguments[0]), .. arguments[1..]], environment)) : null;
    }

    private static string MnistFolder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "data", "mnist"))) return Path.Combine(folder, "data", "mnist");
        }

        throw new InvalidOperationException("The benchmarks must run inside of the repository: data/mnist was not found above the program.");
    }

    /// <summary>Takes so many steps; the figures are per step.</summary>
    public Turn Go(int steps)
    {
        _process.StandardInput.WriteLine($"go {steps}");
        _process.StandardInput.Flush();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith("done ", StringComparison.Ordinal)) continue;
            var values = line.Split(' ').Skip(1).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            return new(values[0] / steps, values[1] / steps, values[2] / steps, values[3], values[4]);
        }

        throw new InvalidOperationException($"The benchmark's process {Name} ended: {_complaint}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(20_000)) _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string program, string[] arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}

/// <summary>Figures of one turn, per step: time, page faults, time in the kernel; and memory and loss at its end.</summary>
internal readonly record struct Turn(double Milliseconds, double Faults, double SystemMilliseconds, double ResidentMegabytes, double Loss);
