using System.Globalization;
using LightningSharp.Checkpointing;
using LightningSharp.Logging;

namespace LightningSharp.Diagnostics;

/// <summary>
/// Everything that looks at a run from the side: signals, requests of other processes, memory, leaks, and the flight record. Between two batches it costs
/// a clock read and a few stores; what takes longer happens twice a second.
/// </summary>
internal sealed class RunWatch : IDisposable
{
    private const long PollEvery = 500;

    private readonly Trainer _trainer;
    private readonly RunSignals _signals;
    private readonly MemoryWatch? _memory;
    private FlightRecord? _flight;
    private RunPhase _phase = RunPhase.Setup;
    private long _polledAt = Environment.TickCount64;
    private volatile bool _saveAsked;
    private bool _warned;

    private RunWatch(Trainer trainer)
    {
        _trainer = trainer;
        _memory = trainer.Options.MemoryWatch ? new MemoryWatch() : null;
        Leaks = trainer.Options.LeakCheck ? new LeakWatch(text => trainer.Messages.Warn(MessageId.TensorLeak, text)) : null;
        _signals = RunSignals.Start(OnSignal, SaveInEmergency, trainer.Options.TerminationDeadline);
    }

    /// <summary>Counts live tensors by hook; null without <see cref="TrainerOptions.LeakCheck"/>.</summary>
    public LeakWatch? Leaks { get; }

    /// <summary>The state of the last step boundary, for the emergency.</summary>
    public StepSnapshot Snapshot { get; } = new();

    /// <summary>Memory in one line for people; null when it is not watched.</summary>
    public string? MemoryText
    {
        get
        {
            _memory?.Read();
            return _memory?.ToString();
        }
    }

    public static RunWatch Start(Trainer trainer) => new(trainer);

    /// <summary>Opens the record in the run's folder, and says what an earlier run that died was doing.</summary>
    public void OpenRecord(string folder)
    {
        try
        {
            _flight = FlightRecord.Open(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _trainer.Messages.Warn(MessageId.Degraded, $"There is no flight record of this run: {exception.Message}");
            return;
        }

        Enter(RunPhase.Setup);
        if ((_flight.Previous ?? EarlierRun.Report(folder)) is { Died: true } previous) _trainer.Messages.Warn(MessageId.EarlierRunDied, previous.ToString());
    }

    /// <summary>Says what comes next.</summary>
    /// <returns>What was noted before, to go back to it.</returns>
    public RunPhase Enter(RunPhase phase)
    {
        var before = _phase;
        _phase = phase;
        if (_flight is not null)
        {
            var progress = _trainer.Progress;
            _flight.Update(phase, progress.Epoch, progress.GlobalStep, progress.BatchInEpoch);
        }

        return before;
    }

    /// <summary>Notes a checkpoint that is safe on disk.</summary>
    public void Saved(string path) => _flight?.Saved(path);

    /// <summary>Between two batches, with no scope of a step open.</summary>
    public void Boundary()
    {
        Leaks?.StepEnded();
        if (_saveAsked) SaveAsAsked();
        var now = Environment.TickCount64;
        if (now - _polledAt < PollEvery) return;
        _polledAt = now;
        PollMemory();
        PollRequests();
    }

    public void Dispose()
    {
        _signals.Dispose();
        Snapshot.Dispose();
        _flight?.Dispose();
        _memory?.Dispose();
    }

    private void OnSignal(RunSignal signal)
    {
        if (signal == RunSignal.User)
        {
            _saveAsked = true;
            return;
        }

        _trainer.Signal = signal;
        _trainer.InterruptReaders(); // signals come on a thread of their own, so a short lock is allowed
    }

    private void PollMemory()
    {
        if (_memory is null) return;
        var level = _memory.Poll();
        _flight?.Update(_memory);
        if (level == MemoryLevel.Normal) return;
        if (!_warned)
        {
            _warned = true;
            _trainer.Messages.Warn(
                MessageId.MemoryLow,
                $"Memory runs out: {_memory}. At {MemoryWatch.StopAt:P0} training stops with everything saved. Use a smaller batch size (AccumulateGradBatches keeps the effective one), "
                + "fewer loader workers, or dispose what steps keep; LeakCheck = true finds tensors that outlive their step.");
        }

        if (level == MemoryLevel.Stop) _trainer.Interrupt(StopReason.MemoryLimit, $"memory is nearly used up: {_memory}");
    }

    private void PollRequests()
    {
        if (_trainer.RunDirectory is not { } folder) return;
        var asked = RunControl.Take(folder);
        if (asked.HasFlag(RunRequests.Save)) SaveAsAsked();
        if (asked.HasFlag(RunRequests.Stop)) _trainer.Interrupt(StopReason.Controlled, "another process asked for it (control.stop)");
    }

    private void SaveAsAsked()
    {
        _saveAsked = false;
        var path = Path.Combine(_trainer.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"asked-step={_trainer.GlobalStep}.ckpt"));
        try
        {
            _trainer.SaveCheckpoint(path);
            _trainer.Messages.Inform(MessageId.Information, $"Saved {path}, as was asked.");
        }
        catch (CheckpointException exception)
        {
            _trainer.Messages.Warn(MessageId.CheckpointFailed, $"A checkpoint that was asked for could not be saved and training goes on: {exception.Message}");
        }
    }

    // On a thread of its own, while the step thread is inside a call that does not end. The process ends after this.
    private void SaveInEmergency()
    {
        var path = Path.Combine(_trainer.CheckpointFolder, "emergency.ckpt");
        var saved = _trainer.SaveBoundary(path);
        System.Console.Error.WriteLine(saved is null
            ? "SIGTERM: the batch did not end in time, and there was no step boundary to save. The last checkpoint is the one before."
            : string.Create(CultureInfo.InvariantCulture, $"SIGTERM: the batch did not end in time; saved the state after step {saved.Value} to {path}."));
    }
}
