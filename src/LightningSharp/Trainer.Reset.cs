using LightningSharp.Logging;
using LightningSharp.Loops;
using LightningSharp.Optimization;

namespace LightningSharp;

/// <content>Starting over.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Forgets every earlier run: position, limits (<see cref="MaxEpochs"/> is that of the options again), time that was used, metrics, loss scale, run folder, loaders, what was said once, and
    /// what callbacks remember (<see cref="Callback.OnReset"/>). The next <c>Fit</c> is as one of a new Trainer with the same options and loggers, and writes into a folder of its own. Without it
    /// a second <c>Fit</c> goes on from where the first one ended. The module is not touched: give <c>Fit</c> a new one to start from new weights.
    /// </summary>
    /// <example><code>
    /// foreach (var rate in rates)
    /// {
    ///     trainer.Reset();
    ///     results[rate] = trainer.Fit(new Cnn(rate), data).Metrics["val_acc"];
    /// }
    /// </code></example>
    /// <remarks>Loggers with a folder of their own stay in it. Random generators go on where they are unless <see cref="TrainerOptions.Seed"/> is set.</remarks>
    /// <exception cref="InvalidOperationException">The Trainer is running.</exception>
    public void Reset()
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
            throw new InvalidOperationException($"Reset was called while the Trainer is running ({EntryStage}). Call it between two runs; Stop(reason) ends the running one.");
        try
        {
            _hooks.Use(_userCallbacks); // without those of the latest module
            foreach (var callback in Callbacks) callback.OnReset();
            ForgetPlace();
            ForgetRun();
            Messages.Reset();
            Metrics.Dispose();
            Metrics = new MetricStore(this);
            _loggers = Fan(Loggers);
        }
        finally
        {
            _running = 0;
        }
    }

    private void ForgetPlace()
    {
        (Progress, BatchIndex, Limits) = (default, 0, new RunLimits(Options));
        (ShouldStop, StopReason, _stopMessage, _skipEpoch, Signal) = (false, StopReason.None, null, false, null);
        (Status, Run, ResumedFrom, LastSaved, _precisionState, _reportFailedIn) = (null, null, null, null, null, null);
        _history = new TrainingHistory();
        _batchCounts.Clear();
        _requested.Clear();
    }

    private void ForgetRun()
    {
        (Module, _latestModel, Fitting, Evaluating, _build, _buildAtBoundary) = (null, null, null, null, null, null);
        (_optimizers, _single, OptimizerSetup, ManualOptimization) = ([], [], OptimizerSetup.None, new AutomaticOnly());
        (Running, SkipBackward, _resume, SavesFailedSteps) = (RunEngines.None, false, null, false);
        (_interrupt, _unwound, _cancellation, _logClock, _logDue) = (null, false, CancellationToken.None, null, false);
    }
}
