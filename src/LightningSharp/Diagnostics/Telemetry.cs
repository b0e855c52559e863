using System.Diagnostics;
using System.Diagnostics.Metrics;
using TorchSharp;

namespace LightningSharp.Diagnostics;

/// <summary>
/// What other programs of .NET may listen to: the meter and the activity source named <c>LightningSharp</c> (docs/messages.md has the list). While nobody listens, a step pays
/// for a few reads of a flag.
/// </summary>
internal static class Telemetry
{
    public const string Name = "LightningSharp";

    private static readonly string Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
    private static readonly ActivitySource Source = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);

    public static Counter<long> Steps { get; } = Meter.CreateCounter<long>("lightning.steps", "{step}", "Optimizer steps taken");

    public static Counter<long> Samples { get; } = Meter.CreateCounter<long>("lightning.samples", "{sample}", "Training samples seen");

    public static Histogram<double> StepDuration { get; } = Meter.CreateHistogram<double>("lightning.step.duration", "s", "Time of one training batch, without waiting for data and without validation");

    public static Histogram<double> DataWait { get; } = Meter.CreateHistogram<double>("lightning.data.wait", "s", "Time that training waited for one batch");

    public static Gauge<double> Loss { get; } = Meter.CreateGauge<double>("lightning.loss", null, "The training loss, at most ten times a second");

    public static Gauge<long> Epoch { get; } = Meter.CreateGauge<long>("lightning.epoch", "{epoch}", "Index of the running epoch");

    public static Counter<long> CheckpointSaves { get; } = Meter.CreateCounter<long>("lightning.checkpoint.saves", "{file}", "Checkpoints saved (outcome = saved) or not (outcome = failed)");

    public static Histogram<double> CheckpointDuration { get; } = Meter.CreateHistogram<double>("lightning.checkpoint.duration", "s", "Time that training waited for a checkpoint");

    public static ObservableGauge<long> TensorsAlive { get; } = Meter.CreateObservableGauge("lightning.tensors.alive", static () => torch.Tensor.TotalCount, "{tensor}", "Tensors of this process that are not freed");

    /// <summary>A span around one entry point, <c>lightning.fit</c> and so on; null while nobody listens.</summary>
    public static Activity? StartRun(Stage stage, ILightningModule model)
    {
        if (!Source.HasListeners()) return null;
        var activity = Source.StartActivity($"lightning.{stage.ToString().ToLowerInvariant()}");
        return activity?.SetTag("lightning.model", model.Module.GetType().Name);
    }

    /// <summary>A span inside a run; null while nobody listens.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Ends the span of an entry point.</summary>
    public static void EndRun(Activity? activity, Trainer trainer, Exception? failure)
    {
        if (activity is null) return;
        activity.SetTag("lightning.epoch", trainer.Progress.Epoch).SetTag("lightning.global_step", trainer.Progress.GlobalStep)
            .SetTag("lightning.run_directory", trainer.RunDirectory).SetTag("lightning.stop_reason", trainer.StopReason.ToString());
        if (failure is not null) activity.SetStatus(ActivityStatusCode.Error, failure.Message).AddException(failure);
        activity.Dispose();
    }
}
