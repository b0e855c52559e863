using System.Globalization;
using LightningSharp.Benchmarks.Checkpoints;

// Usage: Checkpoints [--quick] [--folder PATH] [--rounds N] [throughput] [background] [memory]
// Without names every case runs: throughput with 10 MiB and 1 GiB, step times while a checkpoint is written, memory while 2 GiB are saved. Needs 6 GiB of disk and 8 GiB of memory; all files are deleted.
string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
string[] names = [.. new[] { "throughput", "background", "memory" }.Where(args.Contains)];
if (names.Length == 0) names = ["throughput", "background", "memory"];
var quick = args.Contains("--quick");
var rounds = int.Parse(Value("--rounds") ?? (quick ? "1" : "5"), CultureInfo.InvariantCulture);
var root = Directory.CreateDirectory(Value("--folder") ?? Path.GetTempPath()).FullName;
var folder = Directory.CreateDirectory(Path.Combine(root, $"ckpt-bench-{Environment.ProcessId}")).FullName;
Console.WriteLine($"load {Machine.Load()}, {Environment.ProcessorCount} processors, {rounds} rounds in turns, best counts; free disk {new DriveInfo(folder).AvailableFreeSpace >> 30} GiB");
try
{
    if (names.Contains("throughput"))
    {
        new Throughput(folder, 10, rounds * 4).Run();
        new Throughput(folder, quick ? 100 : 1024, rounds).Run();
    }

    if (names.Contains("background")) new BackgroundSteps(folder, quick ? 256 : 1024, quick ? 2 : 6).Run();
    if (names.Contains("memory")) PeakMemory.Run(folder, quick ? 256 : 2048);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
