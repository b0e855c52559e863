using System.Collections.Concurrent;
using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Data.Reading;
using LightningSharp.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>Saving.</content>
public sealed partial class Trainer
{
    private Func<bool, Checkpoint>? _build;
    private readonly ConcurrentQueue<Action> _written = new();
    private Action<CheckpointException>? _failed;

    /// <summary>Where checkpoints are written and read.</summary>
    public ICheckpointIO CheckpointIO { get; }

    /// <summary>The first checkpoint callback, if any.</summary>
    public ModelCheckpoint? CheckpointCallback => Callbacks.OfType<ModelCheckpoint>().FirstOrDefault();

    /// <summary>The first callback that ends training early, if any; all of them are <c>Callbacks.OfType&lt;EarlyStopping&gt;()</c>.</summary>
    public EarlyStopping? EarlyStoppingCallback => Callbacks.OfType<EarlyStopping>().FirstOrDefault();

    /// <summary>Overfitting needs the same few batches in every epoch.</summary>
    internal void UseSequentialOrder(object loader, string purpose)
    {
        if (loader is not Data.IShuffled { Shuffle: true } shuffled) return;
        shuffled.UseSequentialOrder();
        Messages.Warn(MessageId.ShufflingOff, $"The {purpose} loader shuffles, but {nameof(TrainerOptions.OverfitBatches)} = {Options.OverfitBatches} needs the same batches in every epoch: its order is fixed now.");
    }

    /// <summary>The callback that shows progress, if any.</summary>
    public ProgressBar? ProgressBarCallback => Callbacks.OfType<ProgressBar>().FirstOrDefault();

    /// <summary>Writes everything that a later run needs to go on exactly from here, in PyTorch's format.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="weightsOnly">Leave out optimizers, schedulers, callbacks and position.</param>
    /// <exception cref="InvalidOperationException">No module has been trained or attached yet.</exception>
    /// <exception cref="CheckpointException">The file cannot be written; an older one is untouched.</exception>
    public void SaveCheckpoint(string path, bool weightsOnly = false) => SaveCheckpoint(path, weightsOnly, null, null);

    internal Hooks Hooks => _hooks;

    /// <param name="path">The file.</param>
    /// <param name="weightsOnly">Leave out everything but weights.</param>
    /// <param name="saved">Called on the training thread once the file is durable.</param>
    /// <param name="failed">Told on the training thread about a failure behind the training; null throws it there.</param>
    internal void SaveCheckpoint(string path, bool weightsOnly, Action? saved, Action<CheckpointException>? failed)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (_build is null)
            throw new InvalidOperationException("SaveCheckpoint needs a module: call Fit, Validate, Test or Predict first. Weights alone can be saved with CheckpointFile.Write(path, model.state_dict()).");
        _loggers.Flush(); // what the checkpoint says was logged must be on disk before it
        FinishSaves();
        var (hook, phase) = (Hook, EnterPhase(RunPhase.Save));
        var (thread, written) = (Environment.CurrentManagedThreadId, false);
        using var measured = new CheckpointTelemetry(path);
        using (NewDisposeScope())
        {
            CheckpointIO.Save(_build(weightsOnly), Path.GetFullPath(path), () =>
            {
                written = true;
                CheckpointTelemetry.Saved();
                if (Environment.CurrentManagedThreadId == thread) Report();
                else _written.Enqueue(Report);
            });
            measured.Accepted();
        }

        if (!written) _failed = failed;
        Hook = hook;
        EnterPhase(phase);

        void Report()
        {
            _loggers.LogArtifact(path, "checkpoint");
            LastSaved = path;
            _watch?.Saved(path);
            saved?.Invoke();
        }
    }

    /// <summary>Waits for a checkpoint that is written behind the training, and does what follows it: older files go, loggers are told, an error comes out.</summary>
    internal void FinishSaves()
    {
        var failed = Interlocked.Exchange(ref _failed, null);
        try
        {
            CheckpointIO.Wait();
        }
        catch (CheckpointException exception) when (failed is not null)
        {
            failed(exception);
        }

        TakeWritten();
    }

    /// <summary>The place where the time of the run was up.</summary>
    internal FrozenState? Frozen { get; private set; }

    /// <summary>Whether a step that throws leaves a checkpoint, which then is of the batch's beginning.</summary>
    internal bool SavesFailedSteps { get; private set; }

    /// <summary>Says before training starts that a resume in mid-epoch will not be exact, and why.</summary>
    internal void WarnAboutPosition(object loader, bool isCounted)
    {
        if (CheckpointCallback is null || Options.FastDevRun.IsOn) return;
        var source = loader is IConvertedLoader converted ? converted.Source : loader;
        if (source is IStateful || (isCounted && source is System.Collections.ICollection)) return;
        Messages.Warn(
            MessageId.InexactResume,
            $"The training loader {source.GetType().Name} cannot save its position: a run that is resumed in the middle of an epoch reads the batches before it again and drops them, "
            + "which is exact only if it gives the same batches in the same order. Use LightningSharp.Data.DataLoader, or implement IStateful.");
    }

    private void Freeze()
    {
        if (_build is null || CheckpointCallback is null) return;
        var hook = Hook;
        using var scope = NewDisposeScope();
        Frozen = new FrozenState(this, _build(false));
        Hook = hook;
    }

    /// <summary>Between two batches: what a save behind the training has left to do, without waiting.</summary>
    private void PollSaves()
    {
        if (CheckpointIO is LocalCheckpointIO { HasFailed: true }) FinishSaves();
        else if (!_written.IsEmpty) TakeWritten();
    }

    private void TakeWritten()
    {
        while (_written.TryDequeue(out var report)) report();
    }

    /// <summary>At the end of a run that has failed: nothing may hide its error.</summary>
    private void FinishSavesQuietly()
    {
        try
        {
            FinishSaves();
        }
        catch (LightningException exception)
        {
            Messages.Warn(MessageId.CheckpointFailed, exception.Message);
        }
    }

    internal List<object?> LoggerStates() => [.. Loggers.Select(logger => (object?)(logger as IStateful)?.StateDict())];
}
