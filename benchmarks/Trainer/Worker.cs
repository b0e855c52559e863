using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace LightningSharp.Benchmarks;

/// <summary>The child's side: trains step by step, and after each turn reports and waits for the next.</summary>
internal sealed class Worker
{
    private readonly TextReader _input = Console.In;
    private readonly TextWriter _output = Console.Out;
    private int _left;
    private long _steps;
    private long _start;
    private ProcessCost _before;

    public static int Run(string model, string style, int batch)
    {
        torch.manual_seed(1);
        if (Environment.GetEnvironmentVariable("BENCHMARK_THREADS") is { } threads) torch.set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
        else if (model is "tiny" or "tinyadam") torch.set_num_threads(1);
        var worker = new Worker();
        if (!worker.Wait()) return 0;
        var data = new BenchmarkData(model, batch);
        switch (style)
        {
            case "raw":
                ManualLoops.AsUsersWriteIt(data, worker);
                break;
            case "hand":
                ManualLoops.WithOurSettings(data, worker);
                break;
            case "replicas":
                ReplicaLoop.Run(data, worker);
                break;
            case var device when device.StartsWith("cuda", StringComparison.Ordinal):
                CudaLoops.Run(data, worker, device);
                break;
            default:
                TrainerLoop.Run(data, worker, style);
                break;
        }

        return 0;
    }

    /// <summary>Waits for work that was sent elsewhere, before the clock of a turn stops.</summary>
    public Action? Settle { get; set; }

    /// <summary>After each step.</summary>
    /// <param name="loss">Called at the end of a turn only.</param>
    /// <returns>False when no more is wanted.</returns>
    public bool Step(Func<double> loss)
    {
        _steps++;
        if (--_left > 0) return true;
        Settle?.Invoke();
        var elapsed = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
        var after = ProcessCost.Now();
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"done {elapsed} {after.Faults - _before.Faults} {after.SystemMilliseconds - _before.SystemMilliseconds} {after.ResidentMegabytes} {loss()}"));
        _output.Flush();
        return Wait();
    }

    private bool Wait()
    {
        var line = _input.ReadLine();
        if (line is null) return false;
        _left = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        (_before, _start) = (ProcessCost.Now(), Stopwatch.GetTimestamp());
        return true;
    }
}
