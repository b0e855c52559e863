using System.Globalization;
using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <content>What is written, under which name, and what goes for it.</content>
public sealed partial class ModelCheckpoint
{
    private void SaveForEpoch(Trainer trainer)
    {
        if (Epochs >= 1 && (trainer.CurrentEpoch + 1) % Epochs == 0) Save(trainer);
    }

    private void Save(Trainer trainer)
    {
        trainer.FinishSaves(); // one that failed behind the training is undone before anything is ranked
        if (IsLost(trainer)) return;
        PlanNames();
        var values = Candidates(trainer);
        var saved = _lastGlobalStepSaved;
        if (SaveTopK != 0)
        {
            if (Monitor is null) SaveLatest(trainer, values);
            else if (HasMonitor(trainer, values)) SaveIfBest(trainer, values);
        }

        // last.ckpt follows the saves: an event that kept nothing leaves it alone, unless it is all that is kept.
        if (SaveLast != SaveLast.None && (SaveTopK == 0 || saved != _lastGlobalStepSaved)) SaveLastFile(trainer);
    }

    // Weights that are NaN never become the best or the last file: the one before them is what the user wants to go on from.
    private bool IsLost(Trainer trainer)
    {
        if (SaveNonFinite || trainer.Module is not { } model || FiniteWeights.FirstBroken(model.Module) is not { } broken) return false;
        if (!_lossSaid)
        {
            trainer.Messages.Warn(
                MessageId.NonFinite,
                $"'{broken}' holds NaN or infinite values after step {trainer.GlobalStep}: {nameof(ModelCheckpoint)} keeps the files from before and writes none of this state (said once). "
                + $"Go on from the last good file with a lower learning rate or {nameof(TrainerOptions.GradientClipVal)}; {nameof(SaveNonFinite)} = true saves it all the same.");
        }

        _lossSaid = true;
        return true;
    }

    private bool HasMonitor(Trainer trainer, Dictionary<string, double> values)
    {
        if (values.ContainsKey(Monitor!)) return true; // called only with a monitor
        var message = $"{nameof(ModelCheckpoint)} monitors '{Monitor}', which has not been logged. Available: {string.Join(", ", trainer.CallbackMetrics.Keys)}.{NearestName.Hint(Monitor!, trainer.CallbackMetrics.Keys)} " // called only with a monitor
            + $"Log it (Log(\"{Monitor}\", …)), or correct {nameof(Monitor)}.";
        if (trainer.Progress.Validations > 0) throw new MisconfigurationException(message);
        trainer.Messages.Warn(MessageId.MissingMetric, message);
        return false;
    }

    private void Direct(Trainer trainer)
    {
        if (_isDirected) return;
        _isDirected = true;
        _ranking.Configure(MonitorDirection.Resolve(trainer, Monitor!, Mode, nameof(ModelCheckpoint)), KeepAtMost); // called only with a monitor
    }

    private void SaveIfBest(Trainer trainer, Dictionary<string, double> values)
    {
        Direct(trainer);
        var score = (double)(float)values[Monitor!]; // HasMonitor said so; float32 as in the file, so that a resumed run decides alike
        if (!_ranking.IsAmongBest(score))
        {
            if (Verbose) trainer.Messages.Inform(MessageId.Information, $"Epoch {trainer.CurrentEpoch}, global step {trainer.GlobalStep}: '{Monitor}' was not in top {SaveTopK}");
            return;
        }

        var undo = _ranking.Remember();
        var displaced = _ranking.MakeRoom();
        var path = FreePath(values, displaced);
        _ranking.Add(path, score);
        if (Verbose)
        {
            trainer.Messages.Inform(
                MessageId.Information,
                string.Create(CultureInfo.InvariantCulture, $"Epoch {trainer.CurrentEpoch}, global step {trainer.GlobalStep}: '{Monitor}' reached {score:0.00000} (best {_ranking.BestScore:0.00000}), saving model to '{path}' as top {SaveTopK}"));
        }

        Write(trainer, path, () => Tidy(trainer, displaced, path), undo);
    }

    private void SaveLatest(Trainer trainer, Dictionary<string, double> values)
    {
        var undo = _ranking.Remember();
        if (_latest > 1)
        {
            var displaced = _ranking.MakeRoom();
            var newest = FreePath(values, displaced);
            _ranking.Add(newest, trainer.GlobalStep);
            Write(trainer, newest, () => Tidy(trainer, displaced, newest), undo);
            return;
        }

        var previous = _ranking.LatestPath;
        var path = FreePath(values, previous);
        _ranking.SetLatest(path);
        Write(trainer, path, () => Tidy(trainer, SaveTopK == 1 ? previous : null, path), undo);
    }

    // Once the new file is durable, on the training thread: names that follow it, and the file that it displaced.
    private void Tidy(Trainer trainer, string? displaced, string path)
    {
        if (LinkBest && BestModelPath is { } best && File.Exists(best)) DurableFile.Default.Link(best, _bestLink!); // planned in Save
        if (SaveLast == SaveLast.Link) LinkLast(trainer, path);
        Remove(trainer, displaced, path);
    }

    private void SaveLastFile(Trainer trainer)
    {
        _lastSaved = true;
        if (SaveLast == SaveLast.Link && _ranking.LatestPath is { } latest)
        {
            if (File.Exists(latest) && LastModelPath is null) LinkLast(trainer, latest); // otherwise it was linked when it was written
            return;
        }

        WriteLast(trainer);
    }

    private void SaveLastAtEnd(Trainer trainer)
    {
        trainer.FinishSaves();
        if (IsLost(trainer)) return;
        PlanNames();
        SaveLastFile(trainer);
    }

    private void WriteLast(Trainer trainer)
    {
        var path = _lastPath!; // planned in Save
        var previous = LastModelPath;
        LastModelPath = path;
        Write(trainer, path, () => Remove(trainer, previous, path), () => LastModelPath = previous);
    }

    private void LinkLast(Trainer trainer, string file)
    {
        var previous = LastModelPath;
        LastModelPath = _lastPath!; // planned in Save
        DurableFile.Default.Link(file, LastModelPath);
        Remove(trainer, previous, LastModelPath);
    }

    // Before the first file is written, because it tells the run that goes on from it: a name that is taken belongs to somebody else.
    private void PlanNames()
    {
        _lastPath ??= FreeName("last");
        _bestLink ??= FreeName("best");
    }

    private string FreeName(string name)
    {
        var path = Path.Combine(Directory!, $"{name}.ckpt"); // set in Setup
        for (var version = 1; EnableVersionCounter && File.Exists(path); version++) path = Path.Combine(Directory!, $"{name}-v{version}.ckpt");
        return path;
    }

    private void SaveInterrupted(Trainer trainer)
    {
        if (Directory is null || trainer.Options.FastDevRun.IsOn || IsSaved(trainer)) return;
        trainer.FinishSaves();
        if (IsLost(trainer)) return;
        PlanNames();
        if (Monitor is null && SaveTopK != 0) SaveLatest(trainer, Candidates(trainer));
        else WriteLast(trainer);
    }

    // One file to go on from is enough, whichever callback has written it.
    private static bool IsSaved(Trainer trainer)
    {
        foreach (var callback in trainer.Callbacks)
        {
            if (callback is ModelCheckpoint { SaveWeightsOnly: false } other && other._lastBatchesSaved == trainer.Progress.BatchesSeen) return true;
        }

        return false;
    }

    private static Dictionary<string, double> Candidates(Trainer trainer)
    {
        var values = trainer.Metrics.Callback.Snapshot();
        values.TryAdd("epoch", trainer.CurrentEpoch);
        values.TryAdd("step", trainer.GlobalStep);
        return values;
    }

    private string FreePath(Dictionary<string, double> values, string? replaced)
    {
        var name = CheckpointName.Fill(Filename ?? "{epoch}-{step}", values, AutoInsertMetricName);
        var path = Path.Combine(Directory!, name + ".ckpt"); // set in Setup
        for (var version = 1; EnableVersionCounter && File.Exists(path) && path != replaced; version++) path = Path.Combine(Directory!, $"{name}-v{version}.ckpt");
        return path;
    }

    private void Write(Trainer trainer, string path, Action saved, Action undo)
    {
        var before = (_lastGlobalStepSaved, _lastBatchesSaved);
        (_lastGlobalStepSaved, _lastBatchesSaved) = (trainer.GlobalStep, trainer.Progress.BatchesSeen); // the file must say so of itself
        try
        {
            trainer.SaveCheckpoint(path, SaveWeightsOnly, saved, Failed);
        }
        catch (CheckpointException exception)
        {
            Failed(exception);
        }
        catch (Exception)
        {
            // A hook of the user threw: nothing was written, so no name may point to it.
            undo();
            (_lastGlobalStepSaved, _lastBatchesSaved) = before;
            throw;
        }

        void Failed(CheckpointException exception)
        {
            undo();
            (_lastGlobalStepSaved, _lastBatchesSaved) = before;
            _failedSaves.Add($"{path}: {exception.Message}");
            if (FailOnSaveError) throw new CheckpointException(exception.Message, exception);
            trainer.Messages.Warn(MessageId.CheckpointFailed, $"A checkpoint could not be saved and training goes on: {exception.Message}");
        }
    }

    // Also the file that the run came from: it is one of these.
    private void DeleteAll(Trainer trainer)
    {
        trainer.FinishSaves();
        foreach (var path in BestKModels.Keys.Append(_ranking.LatestPath).Append(LastModelPath).Append(LinkBest ? _bestLink : null).OfType<string>().Distinct().ToList()) Delete(trainer, path);
        (_lastPath, _bestLink, LastModelPath) = (null, null, null);
        _ranking.Clear();
    }

    private void Remove(Trainer trainer, string? path, string current)
    {
        if (path is null || path == current || (trainer.ResumedFrom is { } resumed && Path.GetFullPath(path) == Path.GetFullPath(resumed))) return;
        Delete(trainer, path);
    }

    private void Delete(Trainer trainer, string path)
    {
        var folder = Path.GetFullPath(Directory!) + Path.DirectorySeparatorChar; // set in Setup
        if (!Path.GetFullPath(path).StartsWith(folder, StringComparison.Ordinal) || Path.GetExtension(path) != ".ckpt") return; // names may come from a file that somebody else wrote
        try
        {
            trainer.CheckpointIO.Remove(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            trainer.Messages.Warn(MessageId.CheckpointFailed, $"An old checkpoint could not be removed and stays: {exception.Message}");
        }
    }
}
