using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

// Save and load throughput against the disk's own and against Python's torch.save / torch.load, interleaved in one run; the best of all rounds counts.
// Usage: Checkpoints [MiB] [rounds] [folder] [python]
var mebibytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 256;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
var folder = Directory.CreateTempSubdirectory("ckpt-bench-").FullName;
if (args.Length > 2) folder = Directory.CreateDirectory(Path.Combine(args[2], Path.GetFileName(folder))).FullName;
var python = args.Length > 3 ? args[3] : "/usr/bin/python3";
var tensors = Math.Max(1, mebibytes / 8);
var weights = new Dictionary<string, Tensor>();
for (var i = 0; i < tensors; i++) weights[$"layer{i}.weight"] = randn([(long)mebibytes * (1 << 18) / tensors]);
var best = new SortedDictionary<string, double>(StringComparer.Ordinal);
var extra = 0L;
try
{
    extra = Resident(() => CheckpointFile.Write(Path.Combine(folder, "ours.ckpt"), weights));
    for (var round = 0; round < rounds; round++)
    {
        Time("1 write, disk itself (1 MiB pieces, flushed)", WriteRaw);
        Time("2 write, LightningSharp (flushed, renamed)", () => CheckpointFile.Write(Path.Combine(folder, "ours.ckpt"), weights));
        Time("2a of it: without the disk", () => CheckpointFile.Write(Stream.Null, weights));
        Time("3 write, TorchSharp's own format (not flushed)", () => WriteTorchSharp(Path.Combine(folder, "torchsharp.dat")));
        Time("5 read, disk itself", ReadRaw);
        Time("6 read, LightningSharp (verified)", () => CheckpointFile.Read(Path.Combine(folder, "ours.ckpt")).Dispose());
        Python();
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

foreach (var (name, seconds) in best) Console.WriteLine($"{name,-52} {seconds * 1000,8:F0} ms {mebibytes / seconds,8:F0} MiB/s");
Console.WriteLine($"resident memory grew by {extra / 1048576.0:F0} MiB at most while {mebibytes} MiB were saved");

void Time(string name, Action action)
{
    var clock = Stopwatch.StartNew();
    action();
    Note(name, clock.Elapsed.TotalSeconds);
}

void Note(string name, double seconds) => best[name] = Math.Min(best.GetValueOrDefault(name, double.MaxValue), seconds);

void WriteRaw()
{
    var buffer = new byte[1 << 20];
    new Random(1).NextBytes(buffer);
    using var stream = new FileStream(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
    for (var i = 0; i < mebibytes; i++) stream.Write(buffer);
    stream.Flush(flushToDisk: true);
}

void ReadRaw()
{
    var buffer = new byte[1 << 20];
    using var stream = new FileStream(Path.Combine(folder, "raw"), FileMode.Open, FileAccess.Read, FileShare.None, 0);
    while (stream.Read(buffer) > 0)
    {
    }
}

void WriteTorchSharp(string path)
{
    using var stream = new FileStream(path, FileMode.Create);
    using var writer = new BinaryWriter(stream);
    foreach (var tensor in weights.Values) tensor.Save(writer);
}

void Python()
{
    if (!File.Exists(python)) return;
    var script = $"""
        import time, torch
        w = torch.load('{folder}/ours.ckpt')
        t = time.perf_counter(); torch.save(w, '{folder}/theirs.ckpt'); print('W', time.perf_counter() - t)
        del w
        t = time.perf_counter(); torch.load('{folder}/theirs.ckpt'); print('R', time.perf_counter() - t)
        """;
    using var process = Process.Start(new ProcessStartInfo(python, ["-I", "-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
    while (process.StandardOutput.ReadLine() is { } line)
    {
        var seconds = double.Parse(line[2..], CultureInfo.InvariantCulture);
        Note(line[0] == 'W' ? "4 write, Python torch.save (not flushed)" : "7 read, Python torch.load (not verified)", seconds);
    }

    process.WaitForExit();
}

// The peak of the resident memory, sampled every millisecond by another thread.
static long Resident(Action action)
{
    using var process = Process.GetCurrentProcess();
    process.Refresh();
    var (start, peak, done) = (process.WorkingSet64, 0L, false);
    var sampler = new Thread(() =>
    {
        using var self = Process.GetCurrentProcess();
        while (!Volatile.Read(ref done))
        {
            self.Refresh();
            peak = Math.Max(peak, self.WorkingSet64);
            Thread.Sleep(1);
        }
    });
    sampler.Start();
    action();
    Volatile.Write(ref done, true);
    sampler.Join();
    return Math.Max(0, peak - start);
}
