using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>Saving and loading weights against the disk's own speed, TorchSharp's format and Python's torch, in turns.</summary>
internal sealed class Throughput(string folder, int mebibytes, int rounds)
{
    private const string DiskWrite = "disk: write 1 MiB pieces, flush";
    private const string DiskRead = "disk: read 1 MiB pieces";
    private readonly OrderedDictionary<string, double> _best = [];
    private readonly Dictionary<string, Tensor> _weights = [];

    private string Ours => Path.Combine(folder, "ours.ckpt");

    public void Run()
    {
        var tensors = Math.Clamp(mebibytes / 4, 4, 128);
        for (var i = 0; i < tensors; i++) _weights[$"layer{i}.weight"] = randn([(long)mebibytes * (1 << 18) / tensors]);
        CheckpointFile.Write(Ours, _weights);
        for (var round = 0; round < rounds; round++) Round();
        foreach (var tensor in _weights.Values) tensor.Dispose();
        foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
        Print();
    }

    private void Round()
    {
        Time(DiskWrite, WriteRaw);
        Time("LightningSharp: save (flushed, renamed, folder flushed)", () => CheckpointFile.Write(Ours, _weights));
        Time("LightningSharp: save and verify", () => CheckpointFile.Write(Ours, _weights, new() { Verify = true }));
        Time("LightningSharp: save without the disk", () => CheckpointFile.Write(Stream.Null, _weights));
        Time("TorchSharp: save (in place, not flushed)", WriteTorchSharp);
        Python("W", "Python: torch.save (in place, not flushed)");
        Time(DiskRead, ReadRaw);
        Time("LightningSharp: load (checksums verified)", () => CheckpointFile.Read(Ours).Dispose());
        Python("R", "Python: torch.load (not verified)");
    }

    private void Print()
    {
        Console.WriteLine($"\n{mebibytes} MiB of weights\n| what | ms | MiB/s | against the disk |\n|---|---|---|---|");
        foreach (var (name, seconds) in _best)
        {
            var disk = name.Contains("load", StringComparison.Ordinal) || name == DiskRead ? _best[DiskRead] : _best[DiskWrite];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {seconds * 1000:F1} | {mebibytes / seconds:F0} | {disk / seconds:P0} |"));
        }
    }

    private void Time(string name, Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        Note(name, clock.Elapsed.TotalSeconds);
    }

    private void Note(string name, double seconds) => _best[name] = Math.Min(_best.GetValueOrDefault(name, double.MaxValue), seconds);

    private void WriteRaw()
    {
        var buffer = new byte[1 << 20];
        new Random(1).NextBytes(buffer);
        using var stream = new FileStream(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        for (var i = 0; i < mebibytes; i++) stream.Write(buffer);
        stream.Flush(flushToDisk: true);
    }

    private void ReadRaw()
    {
        var buffer = new byte[1 << 20];
        using var stream = new FileStream(Path.Combine(folder, "raw"), FileMode.Open, FileAccess.Read, FileShare.None, 0);
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private void WriteTorchSharp()
    {
        using var stream = new FileStream(Path.Combine(folder, "torchsharp.dat"), FileMode.Create);
        using var writer = new BinaryWriter(stream);
        foreach (var tensor in _weights.Values) tensor.Save(writer);
    }

    // A process for each, so that neither warms the other's memory; the time is taken inside.
    private void Python(string mode, string name)
    {
        if (!File.Exists("/usr/bin/python3")) return;
        var work = mode == "W" ? $"torch.save(w, '{folder}/theirs.ckpt')" : $"torch.load('{folder}/theirs.ckpt')";
        var prepare = mode == "W" ? $"w = torch.load('{folder}/ours.ckpt')" : "pass";
        var script = $"import time, torch\n{prepare}\nt = time.perf_counter(); {work}; print(time.perf_counter() - t)";
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-I", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!; // not null: no shell
        if (double.TryParse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture, out var seconds)) Note(name, seconds);
        process.WaitForExit();
    }
}
