using System.Diagnostics;
using LightningSharp.Diagnostics;
using LightningSharp.Native;
using TorchSharp;

namespace LightningSharp.Callbacks;

/// <summary>
/// Logs how the machine is used, around every batch whose step values are logged, as <c>DeviceStatsMonitor.on_train_batch_start/name</c>: <c>cpu_percent</c> (this process, 100 per
/// core), <c>process_memory_mb</c>, <c>managed_memory_mb</c>, <c>gc_pause_percent</c>, and on Linux <c>cpu_vm_percent</c> and <c>cpu_swap_percent</c> (the machine's memory in use).
/// On a CUDA device <c>cuda_memory_used_mb</c> and <c>cuda_memory_total_mb</c>, of all processes, as the driver sees them (libtorch's cache counts as used).
/// </summary>
/// <param name="cpuStats">Log the figures of the host: true always, false never, null when training runs on the CPU.</param>
/// <param name="filterKeys">Log only these names; null for all.</param>
/// <example><code>Callbacks = [new DeviceStatsMonitor(filterKeys: ["process_memory_mb"])]</code></example>
public sealed class DeviceStatsMonitor(bool? cpuStats = null, IReadOnlyCollection<string>? filterKeys = null) : Callback
{
    private const double Mega = 1024 * 1024;
    private static readonly string[] Names = ["cpu_percent", "process_memory_mb", "managed_memory_mb", "gc_pause_percent", "cpu_vm_percent", "cpu_swap_percent", "cuda_memory_used_mb", "cuda_memory_total_mb"];
    private readonly IReadOnlyCollection<string> _wanted = Require(filterKeys);
    private TimeSpan _cpu;
    private long _clock;

    /// <summary>Replaces the reading of the device: for tests, which have none.</summary>
    internal Func<(long Free, long Total)?>? Reading { get; init; }

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
        var device = trainer.Strategy.Device;
        var values = new Dictionary<string, double>();
        if (cpuStats ?? device.type == DeviceType.CPU) Add(values, hook);
        var memory = Reading is not null ? Reading() : device.type == DeviceType.CUDA ? CudaMemory.Read(Math.Max(0, device.index)) : null;
        if (memory is { } bytes)
        {
            Put(values, hook, "cuda_memory_used_mb", (bytes.Total - bytes.Free) / Mega);
            Put(values, hook, "cuda_memory_total_mb", bytes.Total / Mega);
        }

        if (values.Count > 0) trainer.LogDirectly(values);
    }

    private void Add(Dictionary<string, double> values, string hook)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var elapsed = Stopwatch.GetElapsedTime(_clock, clock).TotalSeconds;
        Put(values, hook, "cpu_percent", elapsed > 0 ? (cpu - _cpu).TotalSeconds / elapsed * 100 : 0);
        (_cpu, _clock) = (cpu, clock);
        Put(values, hook, "process_memory_mb", process.WorkingSet64 / Mega);
        var memory = GC.GetGCMemoryInfo();
        Put(values, hook, "managed_memory_mb", GC.GetTotalMemory(false) / Mega);
        Put(values, hook, "gc_pause_percent", memory.PauseTimePercentage);
        using var machine = new ProcFile("/proc/meminfo");
        if (!machine.Exists) return;
        double total = machine.Number("MemTotal:"), swap = machine.Number("SwapTotal:");
        if (total > 0) Put(values, hook, "cpu_vm_percent", (total - machine.Number("MemAvailable:")) / total * 100);
        Put(values, hook, "cpu_swap_percent", swap > 0 ? (swap - machine.Number("SwapFree:")) / swap * 100 : 0);
    }

    private void Put(Dictionary<string, double> values, string hook, string name, double value)
    {
        if (_wanted.Contains(name)) values[$"DeviceStatsMonitor.{hook}/{name}"] = value;
    }
}
