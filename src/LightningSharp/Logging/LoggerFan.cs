namespace LightningSharp.Logging;

/// <summary>
/// One logger that is all loggers of a Trainer. One that throws is reported once and gets no further call. Loggers of this library run on the training thread;
/// any other has a thread of its own, which the training thread waits for at most <see cref="Patience"/> per call. A logger that needs longer is reported once;
/// from then on its calls wait in a queue of <see cref="GuardedLogger.QueueLength"/> without holding up anybody, except that the end of the run waits up to
/// <see cref="PatienceAtEnd"/> for the queue to empty.
/// </summary>
/// <param name="loggers">The loggers, in the order of the calls.</param>
/// <param name="onFault">Told once per logger and fault: which one, what happened and happens now, and the exception if there is one. Comes from any thread.</param>
/// <param name="before">The fan that this one takes the place of: a slow logger that stays keeps its thread and its queue, one that was switched off gets another chance.</param>
internal sealed class LoggerFan(IReadOnlyList<IMetricLogger> loggers, Action<IMetricLogger, string, Exception?> onFault, LoggerFan? before = null) : IAsyncDisposable
{
    private readonly GuardedLogger[] _all = [.. loggers.Select(logger => before?.Working(logger) ?? new GuardedLogger(logger, onFault))];

    /// <summary>How long one call of a foreign logger may hold the training thread.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of a run waits for a slow logger.</summary>
    internal static TimeSpan PatienceAtEnd { get; } = TimeSpan.FromSeconds(10);

    internal IReadOnlyList<IMetricLogger> Loggers => loggers;

    internal bool IsEmpty => _all.Length == 0;

    /// <summary>The folder of the first logger that has one of its own.</summary>
    internal string? Directory
    {
        get
        {
            foreach (var logger in _all)
            {
                if (logger.Ask(static l => l.Directory) is { } directory)
                {
                    return directory;
                }
            }

            return null;
        }
    }

    internal void Start(RunInfo run) => ForAll(l => l.Start(run));

    /// <summary>The dictionary may be used again by the caller after this returns.</summary>
    internal void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
        Dictionary<string, double>? copy = null;
        foreach (var logger in _all)
        {
            if (logger.IsInline)
            {
                logger.LogMetrics(metrics, step);
            }
            else if (logger.IsOn)
            {
                var values = copy ??= new(metrics);
                logger.Do(l => l.LogMetrics(values, step));
            }
        }
    }

    internal void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters) => ForAll(l => l.LogHyperParameters(parameters));

    internal void LogArtifact(string path, string kind) => ForAll(l => l.LogArtifact(path, kind));

    /// <summary>Sends something to those loggers that have an ability; false when none has it.</summary>
    internal bool Send<TAbility>(Action<TAbility> call)
        where TAbility : class
    {
        var taken = false;
        foreach (var logger in _all)
        {
            if (logger.IsOn && logger.Logger is TAbility able)
            {
                logger.Do(_ => call(able));
                taken = true;
            }
        }

        return taken;
    }

    /// <summary>For loggers that know steps only; those with a state of their own are told by it how many rows count.</summary>
    internal void RewindTo(long step) => Send<IRewindableLogger>(l =>
    {
        if (l is not IStateful) l.RewindTo(step);
    });

    /// <summary>Whether a logger that still works has an ability.</summary>
    internal bool Has<TAbility>()
        where TAbility : class
    {
        foreach (var logger in _all)
        {
            if (logger.IsOn && logger.Logger is TAbility) return true;
        }

        return false;
    }

    internal void Flush() => ForAll(static l => l.Flush());

    internal void Finish(RunStatus status)
    {
        ForAll(l => l.Finish(status));
        var deadline = Environment.TickCount64 + (long)PatienceAtEnd.TotalMilliseconds;
        foreach (var logger in _all)
        {
            logger.WaitUntilEmpty(TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var logger in _all)
        {
            await logger.DisposeAsync().ConfigureAwait(false);
        }
    }

    private GuardedLogger? Working(IMetricLogger logger) => Array.Find(_all, guarded => guarded.IsOn && ReferenceEquals(guarded.Logger, logger));

    private void ForAll(Action<IMetricLogger> call)
    {
        foreach (var logger in _all)
        {
            logger.Do(call);
        }
    }
}
