using System.Globalization;
using System.Text;
using LightningSharp.Diagnostics;
using TorchSharp;

namespace LightningSharp.Profiling;

/// <summary>
/// Reports memory: resident bytes and live tensors at the start, at the peak and at the end of a run, and for every action how many tensors it left behind that no step frees
/// (taken out of the step's dispose scope, or made outside of one). A list of losses that grows shows up as one tensor per batch beside the hook that keeps them.
/// </summary>
/// <example><code>new Trainer(new() { Profiler = new MemoryProfiler(), MaxSteps = 200 })</code></example>
public sealed class MemoryProfiler : Profiler
{
    private readonly Dictionary<string, (long Calls, long Kept)> _rows = [];
    private readonly List<(string Action, long Kept, long Inside, int Thread)> _stack = [];
    private LeakWatch? _watch;
    private (long Memory, long Tensors) _first, _peak, _last;
    private long _batches;

    /// <summary>Where the report goes.</summary>
    /// <value>Default (null): standard output.</value>
    public TextWriter? Output { get; init; }

    /// <summary>Folder of the report; null is the run's folder.</summary>
    public string? DirPath { get; init; }

    /// <summary>Name of the report, which becomes <c>fit-NAME.txt</c>; null writes it to <see cref="Output"/>.</summary>
    public string? FileName { get; init; }

    /// <summary>Tensors that each action left behind in the current or latest run, without those of the actions inside it.</summary>
    public IReadOnlyDictionary<string, long> Kept => _rows.Where(row => row.Value.Kept != 0).ToDictionary(row => row.Key, row => row.Value.Kept);

    /// <summary>The leak finder's finding; null when nothing grew.</summary>
    public string? Leak { get; private set; }

    /// <inheritdoc/>
    public override string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"",-10} {"resident MB",12} {"tensors",9}\n");
        foreach (var (name, point) in new[] { ("start", _first), ("peak", _peak), ("end", _last) })
            text.Append(CultureInfo.InvariantCulture, $"{name,-10} {point.Memory / 1e6,12:0.0} {point.Tensors,9}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nTensors that stay ({_batches} batches)\n{"kept",8} {"calls",8}  action\n");
        foreach (var (action, row) in _rows.Where(row => row.Value.Kept != 0).OrderByDescending(row => row.Value.Kept).ThenBy(row => row.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{row.Kept,8} {row.Calls,8}  {action}\n");
        if (Leak is not null) text.Append('\n').Append(Leak).Append('\n');
        return text.ToString();
    }

    /// <inheritdoc/>
    protected internal override void Begin(string action)
    {
        _watch?.Pass(_stack.Count > 0 ? _stack[^1].Action : "code outside of the actions");
        _stack.Add((action, Count(), 0, Environment.CurrentManagedThreadId));
    }

    /// <inheritdoc/>
    protected internal override void End(string action)
    {
        _watch?.Pass(action);
        for (var i = _stack.Count - 1; i >= 0; i--)
        {
            if (_stack[i].Action != action) continue;

            // The counts are per thread: nothing can be said about an action that ends on another one (steps run on a thread of their own).
            var grown = _stack[i].Thread == Environment.CurrentManagedThreadId ? Count() - _stack[i].Kept : 0;
            var row = _rows.GetValueOrDefault(action);
            _rows[action] = (row.Calls + 1, row.Kept + grown - _stack[i].Inside);
            _stack.RemoveAt(i);
            if (i > 0) _stack[i - 1] = _stack[i - 1] with { Inside = _stack[i - 1].Inside + grown };
            break;
        }

        if (action == ProfilerSeam.Batch) EndBatch();
    }

    /// <inheritdoc/>
    protected internal override void RunStarted(Trainer trainer, Stage stage)
    {
        _rows.Clear();
        _stack.Clear();
        (_watch, Leak, _batches) = (new LeakWatch(found => Leak = found), null, 0);
        _first = _peak = _last = Now();
    }

    /// <inheritdoc/>
    protected internal override void RunEnded(Trainer trainer, Stage stage)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _last = Now();
        ProfileReport.Write(trainer, stage, DirPath, FileName, "txt", Output, Describe());
    }

    // Tensors of this thread that no dispose scope will free: taken out of one and not put into another, or made outside.
    private static long Count()
    {
        var counts = DisposeScopeManager.Statistics;
        return counts.DetachedFromScopeCount - counts.AttachedToScopeCount + counts.CreatedOutsideScopeCount - counts.DisposedOutsideScopeCount;
    }

    private static (long Memory, long Tensors) Now() => (Environment.WorkingSet, torch.Tensor.TotalCount);

    private void EndBatch()
    {
        _batches++;
        _watch?.StepEnded();
        var now = Now();
        _peak = (Math.Max(_peak.Memory, now.Memory), Math.Max(_peak.Tensors, now.Tensors));
    }
}
