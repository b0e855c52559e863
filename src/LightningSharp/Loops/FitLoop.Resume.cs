using System.Globalization;
using LightningSharp.Checkpointing;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Loops;

/// <content>Continuing from a checkpoint, exactly where it was taken.</content>
internal sealed partial class FitLoop<TBatch, TInput, TOutput>
{
    /// <summary>The last step is taken, but the epoch that it belongs to has not ended: its validation and its row are still missing.</summary>
    private bool HasOpenEpoch()
        => trainer.IsResuming && trainer.Progress.BatchInEpoch > 0 && trainer.Limits.IsSpentInEpoch(trainer.Progress)
            && trainer.OwnState() is { } own && (BatchPhase)StateValue.Long(own, "phase") is BatchPhase.Stepped or BatchPhase.Logged or BatchPhase.Validated;

    private void RestoreEpoch()
    {
        if (trainer.OwnState() is { } own)
        {
            _phase = (BatchPhase)StateValue.Long(own, "phase");
            IsLastBatch = own.GetValueOrDefault("is_last_batch") is true;
            foreach (var (key, value) in StateValue.Map(own.GetValueOrDefault("row")) ?? new Dictionary<string, object?>()) _row[key] = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (StateValue.Map(own.GetValueOrDefault("engine")) is { } engine) _engine!.Load(engine); // created in Run
            if (StateValue.Map(own.GetValueOrDefault("validation_clock")) is { } clock) _clock.LoadStateDict(clock);
            _validation.LoadCounts(StateValue.List(own.GetValueOrDefault("validation_batches")));
            RestoreAccumulation(own);
            trainer.RestoreMetrics(own);
            RestoreLoader(own);
            trainer.RestoreGradients(StateValue.Map(own.GetValueOrDefault("gradients")));
        }

        if (trainer.Progress.BatchInEpoch == 0 || _phase == BatchPhase.EpochEnded) trainer.RestoreRandom();
        if (_phase != BatchPhase.EpochEnded) return;
        trainer.Metrics.EndTrainingEpoch();
        CloseEpoch(_row);
    }

    private void RememberRandom()
    {
        _batchRandom?.Dispose();
        (_batchRandom, _inBatch) = (RandomState.Read(), true);
    }

    // A callback may have changed the window for this epoch; what the user changed in the options since then counts.
    private void RestoreAccumulation(IReadOnlyDictionary<string, object?> own)
    {
        if (trainer.Progress.BatchInEpoch == 0 || _phase == BatchPhase.EpochEnded) return;
        if (StateValue.Long(own, "accumulate_option", -1) == trainer.Options.AccumulateGradBatches)
        {
            _accumulate = (int)Math.Max(1, StateValue.Long(own, "accumulate_grad_batches", _accumulate));
            _windowOrigin = (int)StateValue.Long(own, "window_origin");
        }
    }

    // Also between epochs: the seed of the order is part of it.
    private void RestoreLoader(IReadOnlyDictionary<string, object?> own)
    {
        if (_train is not IStateful stateful || StateValue.Map(own.GetValueOrDefault("loader")) is not { Count: > 0 } state) return;
        stateful.LoadStateDict(state);
        if (trainer.Progress.BatchInEpoch == 0 && _train is IPositioned positioned) positioned.StartAt(trainer.Progress.Epoch, 0); // it may have given a batch that was never begun
        _loaderRestored = true;
    }

    // An epoch that has given everything is only ended: its loader must not be asked again.
    private BatchReader<TBatch> OpenReader(bool resumed)
        => resumed && trainer.IsResuming && IsLastBatch
            ? new([], trainer.Progress.BatchInEpoch, strict: true)
            : new(_train!, TrainBatches, strict: LoaderLength.Of(_train!) is { } length && TrainBatches <= length); // requested in Run

    private void ResumeInEpoch(BatchReader<TBatch> reader)
    {
        if (_loaderRestored || IsLastBatch) reader.Continue(trainer.Progress.BatchInEpoch);
        else reader.Skip(trainer.Progress.BatchInEpoch);
        trainer.RestoreRandom();
        if (_phase == BatchPhase.Done) return;
        var stepped = _engine!.Stepped; // created in Run
        if (_phase == BatchPhase.Stepped)
        {
            if (stepped && trainer.IsLogStep) trainer.LogRow(_row, trainer.Progress.StepBatches);
            _phase = BatchPhase.Logged;
        }

        FinishBatch(stepped);
        _stopInResume = trainer.IsEpochOver();
    }
}
