using LightningSharp.Diagnostics;

namespace LightningSharp.Loops;

/// <content>Validation inside of training: the sanity check, when a run is due, and what surrounds one.</content>
internal sealed partial class FitLoop<TBatch, TInput, TOutput>
{
    private bool ShouldValidate()
    {
        if (!ValidationEnabled) return false;
        var isDue = _clock.IsDue(IsLastBatch);
        var isStopping = trainer.ShouldStop && trainer.Limits.CanStopEarly(trainer.Progress);
        if (trainer.Options.ValidateAtEnd && (isStopping || trainer.Limits.IsLastStep(trainer.Progress, IsLastBatch))) return true; // in other epochs too
        return _clock.IsValidatingEpoch() && (isDue || isStopping);
    }

    private void Validate()
    {
        trainer.Metrics.Suspend();
        trainer.EnterPhase(RunPhase.Validate);
        TakeSnapshot(BatchPhase.Logged, _insideEpoch);
        _phase = BatchPhase.Validated; // a checkpoint at the validation's end must not validate again
        if ((trainer.Progress.BatchInEpoch - _windowOrigin) % _accumulate == 0 || IsLastBatch) ZeroGradBeforeValidation();
        RunValidation();
        trainer.RequireGradMode(true, "validation");
        trainer.Metrics.Resume();
        trainer.Progress = trainer.Progress.NextValidation();
        _clock.Validated();
    }

    // A validation that a signal or a token ends is done again by the run that goes on: with the random numbers of its beginning.
    private void RunValidation()
    {
        using var random = RandomState.Capture();
        try
        {
            _validation.Run(limitPerLoader: null);
        }
        catch (RunCanceledException)
        {
            random.PutBack();
            trainer.Metrics.Resume();
            _phase = BatchPhase.Logged;
            throw;
        }
    }

    private void ZeroGradBeforeValidation()
    {
        (trainer.Stage, trainer.Hook) = (Stage.Validate, HookId.OnValidationModelZeroGrad);
        model.OnValidationModelZeroGrad();
        trainer.Stage = Stage.Fit;
    }

    // False when the run was cancelled meanwhile: there is nothing to save yet.
    private bool SanityCheck()
    {
        var steps = trainer.Options.NumSanityValSteps;
        if (steps == 0 || !ValidationEnabled) return true;
        using var random = RandomState.Capture();
        trainer.Stage = Stage.SanityCheck;
        try
        {
            hooks.OnSanityCheckStart(_context);
            _validation.Run(steps < 0 ? int.MaxValue : steps);
            trainer.Stage = Stage.SanityCheck;
            hooks.OnSanityCheckEnd(_context);
        }
        catch (RunCanceledException cause)
        {
            trainer.Unwound(cause);
        }

        trainer.Metrics.Clear();
        trainer.Stage = Stage.Fit;
        random.PutBack();
        return !trainer.IsInterrupted;
    }

    private bool CheckValidation()
    {
        if (trainer.Options.LimitValBatches.IsNone) return false;
        var hasStep = ModuleOverrides.HasValidationStep(model);
        if (hasStep == data.HasValidation) return hasStep;
        trainer.Messages.Warn(
            MessageId.ValidationIncomplete,
            hasStep
                ? $"{model.GetType().Name} overrides ValidationStep, but there is no validation data: validation is skipped."
                : $"There is validation data, but {model.GetType().Name} does not override ValidationStep: validation is skipped.");
        return false;
    }

    // When the sanity check has not asked for them already.
    private void RequestValidationLoaders()
    {
        if (!ValidationEnabled || _validation.AreRequested || !_clock.IsValidatingEpoch()) return;
        trainer.Stage = Stage.Validate;
        _validation.RequestLoaders();
    }
}
