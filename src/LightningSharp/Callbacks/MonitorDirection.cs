using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Decides whether less or more of a monitored value is better, once it has been logged.</summary>
internal static class MonitorDirection
{
    /// <summary>The mode to use; <see cref="MonitorMode.Auto"/> becomes what the metric says, and a mode that contradicts the metric is warned about once.</summary>
    /// <exception cref="MisconfigurationException"><see cref="MonitorMode.Auto"/>, and the value has no direction.</exception>
    public static MonitorMode Resolve(Trainer trainer, string monitor, MonitorMode mode, string callback)
    {
        var better = trainer.Metrics.HigherIsBetter(monitor) switch { true => MonitorMode.Max, false => MonitorMode.Min, _ => MonitorMode.Auto };
        if (mode == MonitorMode.Auto)
        {
            return better != MonitorMode.Auto ? better : throw new MisconfigurationException(
                $"{callback} watches '{monitor}' with Mode = Auto, but what is logged there does not say whether more is better: only metric objects can. Set Mode = MonitorMode.Min or MonitorMode.Max.");
        }

        if (better != MonitorMode.Auto && better != mode)
        {
            trainer.Messages.Warn(
                MessageId.MonitorDirection,
                $"{callback} watches '{monitor}' with Mode = {mode}, but the metric logged there says that {(better == MonitorMode.Max ? "more" : "less")} is better. Set Mode = MonitorMode.{better} (or Auto) if that is meant.");
        }

        return mode;
    }

    /// <summary>How a mode is written in keys of checkpoints.</summary>
    public static string Text(MonitorMode mode) => mode switch { MonitorMode.Min => "min", MonitorMode.Max => "max", _ => "auto" };
}
