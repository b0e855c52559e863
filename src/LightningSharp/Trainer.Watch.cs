using LightningSharp.Checkpointing;
using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Loops;
using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>What protects and watches a run, and the ways to interrupt it.</content>
public sealed partial class Trainer
{
    private readonly StepGuard _guard = new();
    private readonly IRunReader?[] _readers = new IRunReader?[2];
    private RunWatch? _watch;
    private RunCanceledException? _interrupt;
    private Func<StepSnapshot, Checkpoint>? _buildAtBoundary;
    private HookId _hook;
    private int _stepThread;
    private volatile bool _unwound;

    /// <summary>Which piece of user code runs now.</summary>
    internal HookId Hook
    {
        get => _hook;
        set
        {
            if (_watch?.Leaks is { } leaks) leaks.Pass(_hook.ToString());
            _hook = value;
            Profiling?.Enter(value);
        }
    }

    /// <summary>Why training ended, for people.</summary>
    internal string StopText => _stopMessage ?? StopReason.ToString();

    /// <summary>How far training was when the first exception was thrown; where no batch was at work, the hook.</summary>
    internal string FailedIn { get; private set; } = string.Empty;

    /// <summary>Whether the loops were left in mid-run (signal, cancellation, memory), so that the state must be saved.</summary>
    internal bool IsInterrupted => _unwound;

    /// <summary>The checkpoint that was written last, by whomever; null before.</summary>
    internal string? LastSaved { get; private set; }

    /// <summary>Where checkpoints of this run lie.</summary>
    internal string CheckpointFolder => CheckpointCallback?.Directory ?? Path.Combine(RunDirectory ?? Path.GetFullPath(ExpandHome(Options.DefaultRootDir ?? ".")), "checkpoints");

    /// <summary>Ends the run before its next batch, with everything saved. The first reason is kept.</summary>
    internal void Interrupt(StopReason reason, string message) => _interrupt ??= new RunCanceledException(reason, message, ExitCodes.From(reason, null));

    // the counters say "batch 0" before the first batch and keep the last one after it
    private string PlaceOf(HookId hook) => hook switch
    {
        HookId.PrepareData or HookId.Setup or HookId.ConfigureModel or HookId.ConfigureOptimizers or HookId.ConfigureCallbacks or HookId.OnLoadCheckpoint or HookId.OnFitStart or HookId.OnTrainStart
            => $"in {hook}, before the first batch",
        HookId.OnTrainEnd or HookId.OnFitEnd or HookId.Teardown => $"in {hook}, after {Progress.Epoch} epoch{(Progress.Epoch == 1 ? string.Empty : "s")}",
        HookId.OnTrainEpochStart or HookId.OnTrainEpochEnd or HookId.OnValidationEpochEnd or HookId.OnValidationEnd or HookId.OnSaveCheckpoint => $"epoch {Progress.Epoch}, in {hook}",
        _ => $"epoch {Progress.Epoch}, batch {BatchIndex}",
    };

    internal void ThrowIfCanceled()
    {
        if (_interrupt is { } asked) throw asked;
        if (Signal is { } signal) throw new RunCanceledException(StopReason.Canceled, $"The run was ended by a signal ({signal}).", RunSignals.ExitCode(signal));
        if (_cancellation.IsCancellationRequested) throw new RunCanceledException();
    }

    /// <summary>The loops have been left in mid-run: what follows is saving and tearing down.</summary>
    internal void Unwound(RunCanceledException cause)
    {
        _unwound = true;
        (ShouldStop, StopReason, _stopMessage) = (true, cause.Reason, cause.Reason == StopReason.Canceled && Signal is null ? "canceled" : cause.Message);
        Stage = Stage.Fit;
    }

    /// <summary>At the start of a loop, on the thread that runs its steps.</summary>
    internal void EnterSteps()
    {
        set_grad_enabled(true);
        if (Options.FinalizerGate) _guard.Enter();
    }

    /// <summary>A batch was read, which may have taken long and allocated much.</summary>
    internal void BatchRead(RunPhase phase)
    {
        if (Options.FinalizerGate) _guard.Boundary();
        _watch?.Enter(phase);
    }

    /// <summary>Between two steps, outside of their dispose scopes: the place for what must not happen inside one.</summary>
    internal void StepBoundary()
    {
        if (Options.FinalizerGate) _guard.Boundary();
        _watch?.Boundary();
        _watch?.Enter(RunPhase.Load);
    }

    /// <summary>Notes the state from which a checkpoint can be written while the next step is stuck.</summary>
    internal void TakeSnapshot(bool insideEpoch, bool isLastBatch, BatchPhase phase, IReadOnlyDictionary<string, object?>? loader)
    {
        if (_watch is null || Options.Barebones || Run is null && CheckpointCallback is null) return;
        Metrics.MarkBoundary();
        _watch.Snapshot.Take(Progress, insideEpoch, isLastBatch, phase, loader);
    }

    /// <summary>Before weights change.</summary>
    internal void BeginUpdate()
    {
        _watch?.Snapshot.Invalidate();
        _watch?.Enter(RunPhase.Optimize);
    }

    /// <summary>Notes what the run does next in its flight record.</summary>
    internal RunPhase EnterPhase(RunPhase phase) => _watch?.Enter(phase) ?? RunPhase.Unknown;

    /// <summary>The readers in work: a wait for data ends with the run, and a native fault leaves no other way to end their threads.</summary>
    internal T Opened<T>(T reader, bool training)
        where T : class, IRunReader
    {
        _readers[training ? 0 : 1] = reader;
        reader.Belong(training ? Progress.Epoch : -1, training ? () => Progress.BatchInEpoch : null, ThrowIfCanceled, _cancellation);
        if (Signal is not null) reader.Interrupt();
        return reader;
    }

    /// <summary>The state of an epoch whose last batch has begun but is not done, as when its step fails: that batch is still to come.</summary>
    private FitState<TBatch>? BeforeLastBatch<TBatch>(FitState<TBatch>? state)
        => state is { IsLastBatch: true } && _readers[0] is { IsCurrentDone: false } reader && reader.Epoch == Progress.Epoch
            ? state with { IsLastBatch = false, Loader = reader.StateBefore ?? state.Loader }
            : state;

    /// <summary>A signal has ended the run: nobody waits for data any more. From any thread.</summary>
    internal void InterruptReaders()
    {
        foreach (var reader in _readers) reader?.Interrupt();
    }

    /// <summary>Writes a checkpoint of the last step boundary, from any thread, while the step thread is busy.</summary>
    /// <returns>The global step that was saved; null when the run was saved in order meanwhile, or there is no boundary.</returns>
    internal long? SaveBoundary(string path)
    {
        for (var patience = 400; patience > 0 || _unwound; patience--)
        {
            if (_running == 0) return null;
            long? step = null;
            if (!_unwound && _watch is { } watch && watch.Snapshot.TryUse(snapshot => step = Write(snapshot))) return step;
            Thread.Sleep(20); // an optimizer step or an orderly end is under way
        }

        return null;

        long Write(StepSnapshot snapshot)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var build = _buildAtBoundary ?? throw new InvalidOperationException("There is nothing to save before training.");
            CheckpointIO.Save(build(snapshot), path);
            CheckpointIO.Wait();
            return snapshot.Progress.GlobalStep;
        }
    }

    /// <summary>Names the stage that left gradients switched off (or on), before the next one suffers from it.</summary>
    /// <exception cref="MisconfigurationException">The grad mode is not <paramref name="expected"/>.</exception>
    internal void RequireGradMode(bool expected, string after)
    {
        if (is_grad_enabled() == expected) return;
        set_grad_enabled(expected);
        throw new MisconfigurationException(
            $"Gradients are switched {(expected ? "off" : "on")} after {after} (epoch {Progress.Epoch}, batch {BatchIndex}), and were {(expected ? "on" : "off")} before: "
            + (expected
                ? "a no_grad() or inference_mode() was opened there and not closed, and nothing would be learned from then on. Write using var _ = torch.no_grad();"
                : "an enable_grad() was opened there and not closed, and every evaluation would build graphs. Write using var _ = torch.enable_grad();"));
    }

    /// <summary>Refuses logging from a thread that does not run the steps: dispose scopes, grad mode and the metrics belong to that one.</summary>
    /// <exception cref="InvalidOperationException">Called from another thread.</exception>
    /// <param name="name">What is logged.</param>
    internal void RequireStepThread(string name)
    {
        var current = Environment.CurrentManagedThreadId;
        if (_stepThread == 0 || _stepThread == current) return;
        throw new InvalidOperationException(
            $"Log(\"{name}\", …) was called from thread {current}, but the steps run on thread {_stepThread}. Steps and hooks are synchronous: await nothing in them (async void hooks go on elsewhere), "
            + "and hand values of other threads over through a field that a hook reads.");
    }
}
