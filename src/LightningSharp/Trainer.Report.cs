using LightningSharp.Logging;
using LightningSharp.Report;

namespace LightningSharp;

/// <content>The page that a run leaves behind.</content>
public sealed partial class Trainer
{
    private RunRecord? _record;
    private Exception? _failure;
    private string? _reportFailedIn;

    /// <summary>Training begins: writes down what a report of an interrupted run needs.</summary>
    private void BeginRecord(ILightningModule model) => TryReport(directory => _record = RunRecord.Begin(directory, Options, model, ResumedFrom));

    /// <summary>Training ended, in whatever way: completes the record and writes the report.</summary>
    private void WriteReport(RunStatus status)
    {
        if (EntryStage == Stage.Fit) TryReport(directory =>
        {
            _record?.End(status, new()
            {
                ["stopped by"] = status == RunStatus.Failed ? null : _stopMessage ?? StopReason.ToString(),
                ["error"] = _failure is null ? null : $"{_failure.GetType().Name}: {_failure.Message}",
                ["epochs"] = (long)Progress.Epoch,
                ["optimizer steps"] = Progress.GlobalStep,
                ["samples"] = Progress.SamplesSeen,
                ["best checkpoint"] = CheckpointCallback?.BestModelPath,
            });
            RunReport.Write(directory);
        });
        (_record, _failure) = (null, null);
    }

    private void TryReport(Action<string> write)
    {
        if (!Options.EnableReport || Options.Barebones || Options.FastDevRun.IsOn || Run is not { } run || !Strategy.IsGlobalZero) return;
        try
        {
            write(run.Directory);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // a run of many hours does not fail because of a page about it; once is enough, at its begin or its end
            if (_reportFailedIn == run.Directory) return;
            _reportFailedIn = run.Directory;
            Messages.Warn(MessageId.ReportFailed, $"The report in {run.Directory} could not be written: {e.Message} The run is not affected; {nameof(RunReport)}.{nameof(RunReport.Write)} can make it later.");
        }
    }
}
