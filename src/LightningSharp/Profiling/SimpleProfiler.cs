using System.Globalization;
using System.Text;

namespace LightningSharp.Profiling;

/// <summary>
/// Times every action of a run and gives a table of mean, calls, total and percentage. <c>Self</c> leaves out the actions inside an action, so that this column adds up
/// to the whole run.
/// </summary>
/// <example><code>new Trainer(new() { Profiler = new SimpleProfiler { TimesModules = true } })</code></example>
public sealed class SimpleProfiler : Profiler
{
    private readonly TimeProvider _time;
    private ActionClock _clock;
    private long _start;
    private TimeSpan _elapsed;
    private bool _running;

    /// <summary>Creates the profiler.</summary>
    public SimpleProfiler()
        : this(TimeProvider.System)
    {
    }

    internal SimpleProfiler(TimeProvider time) => (_time, _clock) = (time, new(time));

    /// <summary>Folder of the report; null is the run's folder.</summary>
    public string? DirPath { get; init; }

    /// <summary>Name of the report, which becomes <c>fit-NAME.txt</c>; null writes the table to <see cref="Output"/>.</summary>
    public string? FileName { get; init; }

    /// <summary>Where the table goes without a <see cref="FileName"/>.</summary>
    /// <value>Default (null): standard output.</value>
    public TextWriter? Output { get; init; }

    /// <summary>The sums of the current or latest run.</summary>
    public IReadOnlyCollection<ActionTimes> Actions => _clock.Rows;

    /// <inheritdoc/>
    public override string Describe()
    {
        var elapsed = _running ? _time.GetElapsedTime(_start) : _elapsed;
        var rows = _clock.Rows.OrderByDescending(row => row.Total).ThenBy(row => row.Action, StringComparer.Ordinal).ToList();
        var width = Math.Max(6, rows.Select(row => row.Action.Length).DefaultIfEmpty().Max());
        var text = new StringBuilder();
        Line("Action".PadRight(width), "Mean (s)", "Calls", "Total (s)", "Self (s)", "%");
        text.Append('-', width + 58).Append('\n');
        Line("Whole run".PadRight(width), "", "1", Seconds(elapsed.TotalSeconds), "", "100.0");
        foreach (var row in rows)
        {
            var share = elapsed > TimeSpan.Zero ? 100 * row.Total / elapsed : 0;
            Line(
                row.Action.PadRight(width), Seconds(row.Total.TotalSeconds / row.Calls), row.Calls.ToString(CultureInfo.InvariantCulture), Seconds(row.Total.TotalSeconds),
                Seconds(row.Self.TotalSeconds), share.ToString("0.0", CultureInfo.InvariantCulture));
        }

        return text.ToString();

        void Line(string action, string mean, string calls, string total, string self, string share)
            => text.Append(CultureInfo.InvariantCulture, $"{action} {mean,12} {calls,9} {total,12} {self,12} {share,7}").Append('\n');
    }

    /// <inheritdoc/>
    protected internal override void Begin(string action) => _clock.Begin(action);

    /// <inheritdoc/>
    protected internal override void End(string action) => _clock.End(action);

    /// <inheritdoc/>
    protected internal override void RunStarted(Trainer trainer, Stage stage)
    {
        _clock = new(_time);
        (_start, _running) = (_time.GetTimestamp(), true);
    }

    /// <inheritdoc/>
    protected internal override void RunEnded(Trainer trainer, Stage stage)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        (_elapsed, _running) = (_time.GetElapsedTime(_start), false);
        ProfileReport.Write(trainer, stage, DirPath, FileName, "txt", Output, Describe());
    }

    private static string Seconds(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);
}
