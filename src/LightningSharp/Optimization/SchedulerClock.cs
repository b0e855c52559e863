using LightningSharp.Diagnostics;

namespace LightningSharp.Optimization;

/// <summary>Steps the schedulers of automatic optimization when they are due. Frequencies of the interval "step" count optimizer steps (behaviour D-LR).</summary>
internal sealed class SchedulerClock<TBatch, TInput, TOutput>(Trainer trainer, LightningModule<TBatch, TInput, TOutput> model)
{
    /// <summary>After a batch whose optimizers stepped.</summary>
    public void AfterStep(bool monitored) => Advance(SchedulerInterval.Step, monitored);

    /// <summary>After the last batch of an epoch.</summary>
    public void AfterEpoch(bool monitored) => Advance(SchedulerInterval.Epoch, monitored);

    private void Advance(SchedulerInterval interval, bool monitored)
    {
        if (!model.AutomaticOptimization) return;
        foreach (var optimizer in trainer.AllOptimizers)
        {
            if (interval == SchedulerInterval.Step && !optimizer.SteppedNow) continue; // it was another one's turn
            foreach (var setup in optimizer.Entry.Schedulers)
            {
                if (setup.Interval != interval || setup.NeedsMetric != monitored) continue;
                var count = interval == SchedulerInterval.Step ? optimizer.StepCount : trainer.Progress.Epoch + 1;
                if (count % setup.Frequency != 0) continue;
                if (!setup.NeedsMetric) Step(setup, null);
                else if (TryRead(setup, out var metric)) Step(setup, metric);
            }
        }
    }

    private void Step(SchedulerSetup setup, double? metric)
    {
        trainer.Hook = HookId.LRSchedulerStep;
        model.LRSchedulerStep(setup, metric);
    }

    private bool TryRead(SchedulerSetup setup, out double metric)
    {
        var key = setup.Monitor!; // OptimizerSetup.Validate refuses a metric scheduler without one
        if (trainer.CallbackMetrics.TryGetValue(key, out metric)) return true;
        var message = $"{setup.Scheduler.GetType().Name} monitors '{key}', which has not been logged. "
            + $"Available: {(trainer.CallbackMetrics.Count == 0 ? "none" : string.Join(", ", trainer.CallbackMetrics.Keys))}.{NearestName.Hint(key, trainer.CallbackMetrics.Keys)} "
            + "Log it, correct Monitor, set Frequency to the epochs in which it is logged, or set Strict = false.";
        if (setup.Strict) throw new MisconfigurationException(message);
        trainer.Messages.Warn(MessageId.MissingMonitor, message);
        return false;
    }
}
