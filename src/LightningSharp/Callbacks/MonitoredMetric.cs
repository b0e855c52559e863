using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>Reads the value that a callback watches, and says what is wrong when it is not there.</summary>
internal static class MonitoredMetric
{
    /// <exception cref="MisconfigurationException">The value was not logged, and that is an error.</exception>
    public static bool TryRead(Trainer trainer, string monitor, string callback, bool strict, bool verbose, out double value, bool mayBeLax = true)
    {
        if (trainer.CallbackMetrics.TryGetValue(monitor, out value)) return true;
        var known = trainer.CallbackMetrics.Count == 0 ? "nothing" : string.Join(", ", trainer.CallbackMetrics.Keys);
        var message = $"{callback} watches '{monitor}', which has not been logged by the end of epoch {trainer.CurrentEpoch}. Logged so far: {known}.{NearestName.Hint(monitor, trainer.CallbackMetrics.Keys)} "
            + $"Log it, correct the name, {(mayBeLax ? string.Empty : "or ")}check where it is logged (after validation, or with onEpoch){(mayBeLax ? ", or set Strict = false" : string.Empty)}.";
        if (strict) throw new MisconfigurationException(message);
        if (verbose) trainer.Messages.Warn(MessageId.MissingMetric, message);
        return false;
    }
}
