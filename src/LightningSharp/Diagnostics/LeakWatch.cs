using TorchSharp;

namespace LightningSharp.Diagnostics;

/// <summary>
/// Notices tensors that outlive their step: counts the live tensors that the step thread made, per hook, and reports once the count has grown in
/// several windows of steps in a row. One step may keep a tensor (a running mean, a cache); one more with every step is a leak.
/// </summary>
/// <param name="report">Told once, with the hook whose tensors grew most and the remedy.</param>
/// <param name="windowSteps">Steps per window.</param>
/// <param name="windows">Windows in a row that must all have grown.</param>
internal sealed class LeakWatch(Action<string> report, int windowSteps = 40, int windows = 4)
{
    private readonly Dictionary<string, long> _growth = [];
    private long _atEnter, _atWindow, _first;
    private long _kept;
    private int _steps, _grown, _thread;
    private bool _reported, _started;

    /// <summary>Live tensors of this thread: those in dispose scopes and those that were detached from them and not disposed.</summary>
    public static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    // Tensors of this thread that no dispose scope will free.
    private static long Kept
    {
        get
        {
            var counts = DisposeScopeManager.Statistics;
            return counts.CreatedOutsideScopeCount + counts.DetachedFromScopeCount - counts.AttachedToScopeCount - counts.DisposedOutsideScopeCount;
        }
    }

    /// <summary>Before a hook of the user runs.</summary>
    public void Enter() => _atEnter = Live;

    /// <summary>After that hook, and after its dispose scope closed; <paramref name="hook"/> is its name.</summary>
    public void Leave(string hook)
    {
        var grown = Live - _atEnter;
        if (grown != 0) _growth[hook] = _growth.GetValueOrDefault(hook) + grown;
    }

    /// <summary>One hook follows another: what grew since the last call belongs to <paramref name="hook"/>, except what the step's scope will free.</summary>
    public void Pass(string hook)
    {
        var (kept, thread) = (Kept, Environment.CurrentManagedThreadId);
        var grown = thread == _thread ? kept - _kept : 0; // the counts are per thread and go back to its start
        (_kept, _thread) = (kept, thread);
        if (grown != 0) _growth[hook] = _growth.GetValueOrDefault(hook) + grown;
    }

    /// <summary>At the end of a step, with no dispose scope of the step open.</summary>
    public void StepEnded()
    {
        if (_reported) return;
        if (!_started) (_started, _atWindow, _first) = (true, Live, Live);
        if (++_steps % windowSteps != 0) return;
        var live = Live;

        // Half a tensor per step: what a window keeps once, such as a first batch for the logger, stays below.
        _grown = live - _atWindow >= windowSteps / 2 ? _grown + 1 : 0;
        _atWindow = live;
        if (_grown < windows) return;
        _reported = true;
        report(Describe(live));
    }

    private string Describe(long live)
    {
        var hook = "a hook";
        var most = 0L;
        foreach (var (name, growth) in _growth)
        {
            if (growth > most) (hook, most) = (name, growth);
        }

        return $"Tensors leak: {live - _first} more are alive than {_steps} steps ago, {most} of them made in {hook}. "
            + "Expected as many after a step as before it. Keep numbers instead of tensors across steps (loss.item<float>()), or keep one tensor and dispose "
            + "the old one when you replace it; a loss that is kept without detach() keeps its whole graph.";
    }
}
