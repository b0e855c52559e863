using LightningSharp.Logging;

namespace LightningSharp.Dashboard.Report;

/// <summary>Writes <c>report.html</c> into the run's folder when the run ends, however it ends. Put it last: it reads what the other loggers have written.</summary>
/// <example><code>new Trainer(new() { Loggers = [new CsvLogger(), new JsonLinesLogger(), new ReportLogger()] });</code></example>
public sealed class ReportLogger : IMetricLogger
{
    private RunInfo _run;

    /// <inheritdoc/>
    public string? Directory => null;

    /// <summary>The report that was written last; null before a run ended.</summary>
    public string? Path { get; private set; }

    /// <inheritdoc/>
    public void Start(RunInfo run) => _run = run;

    /// <inheritdoc/>
    public void LogMetrics(IReadOnlyDictionary<string, double> metrics, long step)
    {
    }

    /// <inheritdoc/>
    public void LogHyperParameters(IReadOnlyDictionary<string, object?> parameters)
    {
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Finish(RunStatus status) => Path = RunReport.Write(_run.Directory);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
