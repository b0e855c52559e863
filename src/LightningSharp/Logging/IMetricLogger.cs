namespace LightningSharp.Logging;

/// <summary>
/// Where the numbers of a run go: a file, a server, memory. Calls never overlap. Those of a logger of your own come on one thread that belongs to it, while training waits up to a second.
/// A logger that throws is reported once and switched off; it never ends a run.
/// </summary>
public interface IMetricLogger : IAsyncDisposable
{
    /// <summary>The folder that this logger writes to by its own settings, or null when it follows the run's folder (<see cref="RunInfo.Directory"/>).</summary>
    string? Directory { get; }

    /// <summary>Called once at the start of each run, before anything is logged. A Trainer that runs again calls it again with the same folder: append.</summary>
    void Start(RunInfo run);

    /// <summary>Writes one row of values.</summary>
    /// <param name="metrics">Name to value; NaN and infinities included.</param>
    /// <param name="step">The x-axis: optimizer steps done before this row while training.</param>
    void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step);

    /// <summary>Writes the hyper-parameters: plain data, see <see cref="IStateful"/>.</summary>
    void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters);

    /// <summary>Told of a file that the run produced, for loggers that upload.</summary>
    /// <param name="path">The file on this machine.</param>
    /// <param name="kind">What it is: <c>checkpoint</c>, <c>best checkpoint</c> (at the end, one that was told of before), <c>image</c>, <c>report</c> …</param>
    void LogArtifact(string path, string kind)
    {
    }

    /// <summary>Everything logged so far must survive the end of the process.</summary>
    void Flush();

    /// <summary>The run ended. Files are complete afterwards; a later <see cref="Start"/> may continue.</summary>
    void Finish(RunStatus status);
}
