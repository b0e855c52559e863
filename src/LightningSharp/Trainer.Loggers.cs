using LightningSharp.Logging;

namespace LightningSharp;

/// <content>The loggers, which may change between two runs.</content>
public sealed partial class Trainer
{
    private bool _loggersAreNew;

    /// <summary>
    /// The loggers. May be set between two runs: the next one writes to the new ones, into the folder of the run unless one of them has a folder of its own. Loggers that are left out are
    /// the caller's again, and are not disposed; one that was switched off because it failed gets another chance.
    /// </summary>
    /// <example><code>
    /// trainer.Loggers = [.. trainer.Loggers, new JsonLinesLogger()];
    /// </code></example>
    /// <exception cref="ArgumentException">There is a null in the list.</exception>
    /// <exception cref="InvalidOperationException">The Trainer is running.</exception>
    /// <exception cref="MisconfigurationException"><see cref="TrainerOptions.Barebones"/> switches logging off.</exception>
    public IReadOnlyList<IMetricLogger> Loggers
    {
        get => _loggers.Loggers;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(logger => logger is null)) throw new ArgumentException($"{nameof(Loggers)} was given a null entry: expected loggers only. Remove the null; an empty list logs nowhere.", nameof(value));
            if (Options.Barebones && value.Count > 0)
                throw new MisconfigurationException($"{nameof(Loggers)} was given {value.Count} logger(s), but {nameof(TrainerOptions.Barebones)} = true switches logging off. Leave one of the two out.");
            if (_running == 1)
                throw new InvalidOperationException($"{nameof(Loggers)} was set while the Trainer is running ({EntryStage}): values would be missing in the new loggers and files of the old ones stay open. Set it before the run.");
            (_loggers, _loggersAreNew) = (Fan([.. value]), true);
        }
    }

    /// <summary>The first logger; null when there is none. Setting it replaces all <see cref="Loggers"/> by this one, null by none.</summary>
    /// <inheritdoc cref="Loggers"/>
    public IMetricLogger? Logger
    {
        get => Loggers.Count > 0 ? Loggers[0] : null;
        set => Loggers = value is null ? [] : [value];
    }

    private LoggerFan Fan(IReadOnlyList<IMetricLogger> loggers)
        => new(loggers, (logger, problem, cause) => Messages.Warn(MessageId.LoggerFailed, $"{logger.GetType().Name} {problem}{(cause is null ? string.Empty : ": " + cause.Message)}"), _loggers);
}
