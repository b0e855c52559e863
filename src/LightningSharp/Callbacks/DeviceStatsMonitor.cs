using System.Diagnostics;
using LightningSharp.Diagnostics;
using TorchSharp;

namespace LightningSharp.Callbacks;

/// <summary>
/// Logs how the machine is used, around every batch whose step values are logged, as <c>DeviceStatsMonitor.on_train_batch_start/name</c>: <c>cpu_percent</c> (this process, 100 per
/// core), <c>process_memory_mb</c>, <c>managed_memory_mb</c>, <c>gc_pause_percent</c>, and on Linux <c>cpu_vm_percent</c> and <c>cpu_swap_percent</c> (the machine's memory in use).
/// </summary>
/// <remarks>Memory statistics of CUDA devices are not available: TorchSharp 0.107 does not offer them.</remarks>
/// <param name="cpuStats">Log the figures of the host: true always, false never, null when training runs on the CPU.</param>
/// <param name="filterKeys">Log only these names; null for all.</param>
/// <example><code>Callbacks = [new DeviceStatsMonitor(filterKeys: ["process_memory_mb"])]</code></example>
public sealed class DeviceStatsMonitor(bool? cpuStats = null, IReadOnlyCollection<string>? filterKeys = null) : Callback
{
    private static readonly string[] Names = ["cpu_percent", "process_memory_mb", "managed_memory_mb", "gc_pause_percent", "cpu_vm_percent", "cpu_swap_percent"];
    private readonly IReadOnlyCollection<string> _wanted = Require(filterKeys);
    private TimeSpan _cpu;
    private long _clock;

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        var trainer = context.Trainer;
        if (context.Stage == Stage.Predict) return;
        if (trainer.Loggers.Count == 0 && !trainer.Options.FastDevRun.IsOn && !trainer.Options.Barebones)
        {
            throw new MisconfigurationException(
                $"DeviceStatsMonitor writes to loggers, but this Trainer has none ({nameof(TrainerOptions.Loggers)} is empty). Add one, for example a CsvLogger, or remove the callback.");
        }

        using var process = Process.GetCurrentProcess();
        (_cpu, _clock) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
    }

    /// <inheritdoc/>
    public override void OnTrainBatchStart(BatchContext context) => Write(context.Trainer, "on_train_batch_start");

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context) => Write(context.Trainer, "on_train_batch_end");

    /// <inheritdoc/>
    public override void OnValidationBatchStart(BatchContext context) => Write(context.Trainer, "on_validation_batch_start");

    /// <inheritdoc/>
    public override void OnValidationBatchEnd(BatchContext context) => Write(context.Trainer, "on_validation_batch_end");

    /// <inheritdoc/>
    public override void OnTestBatchStart(BatchContext context) => Write(context.Trainer, "on_test_batch_start");

    /// <inheritdoc/>
    public override void OnTestBatchEnd(BatchContext context) => Write(context.Trainer, "on_test_batch_end");

    private static IReadOnlyCollection<string> Require(IReadOnlyCollection<string>? filter)
    {
        if (filter is null) return Names;
        var unknown = filter.Except(Names).ToList();
        return unknown.Count == 0 ? filter : throw new ArgumentException(
            $"DeviceStatsMonitor does not know {string.Join(", ", unknown)}: expected some of {string.Join(", ", Names)}.", nameof(filter));
    }

    private void Write(Trainer trainer, string hook)
    {
        if (trainer.Stage == Stage.SanityCheck || !trainer.IsLogStep) return;
        if (!(cpuStats ?? trainer.Strategy.Device.type == DeviceType.CPU)) return;
        var values = new Dictionary<string, double>();
        Add(values, hook);
        trainer.LogDirectly(values);
    }

    private void Add(Dictionary<string, double> values, string hook)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var elapsed = Stopwatch.GetElapsedTime(_clock, clock).TotalSeconds;
        Put("cpu_percent", elapsed > 0 ? (cpu - _cpu).TotalSeconds / elapsed * 100 : 0);
        (_cpu, _clock) = (cpu, clock);
        const double mega = 1024 * 1024;
        Put("process_memory_mb", process.WorkingSet64 / mega);
        var memory = GC.GetGCMemoryInfo();
        Put("managed_memory_mb", GC.GetTotalMemory(false) / mega);
        Put("gc_pause_percent", memory.PauseTimePercentage);
        using var machine = new ProcFile("/proc/meminfo");
        if (!machine.Exists) return;
        double total = machine.Number("MemTotal:"), swap = machine.Number("SwapTotal:");
        if (total > 0) Put("cpu_vm_percent", (total - machine.Number("MemAvailable:")) / total * 100);
        Put("cpu_swap_percent", swap > 0 ? (swap - machine.Number("SwapFree:")) / swap * 100 : 0);

        void Put(string name, double value)
        {
            if (_wanted.Contains(name)) values[$"DeviceStatsMonitor.{hook}/{name}"] = value;
        }
    }
}
