namespace LightningSharp.Profiling;

/// <summary>
/// Between Trainer and profiler. The Trainer notes which hook runs in any case; here each note ends one action and begins the next, so that a run without a profiler
/// pays one comparison with null per hook.
/// </summary>
internal sealed class ProfilerSeam
{
    public const string Epoch = "run_training_epoch", Batch = "run_training_batch", Validation = "run_validation";

    private readonly Profiler _profiler;
    private readonly string?[] _names = new string?[Enum.GetValues<HookId>().Length];
    private readonly Stack<HookId> _outer = new();
    private readonly ModuleTimes? _modules;
    private readonly string _module;
    private readonly List<string> _open = [];
    private HookId _current;

    public ProfilerSeam(Profiler profiler, Trainer trainer, ILightningModule module, Stage stage)
    {
        (_profiler, _module) = (profiler, module.GetType().Name);
        profiler.RunStarted(trainer, stage);
        if (profiler.TimesModules) _modules = new ModuleTimes(profiler, module.Module);
    }

    /// <summary>Another piece of user code, or of the Trainer's work, begins.</summary>
    public void Enter(HookId hook)
    {
        if (hook == _current && hook != HookId.None) return; // the module's part of it after the callbacks', or the other way round: one call
        Leave();

        // Back in the hook around a callback that did something of its own: it runs already.
        if (hook == HookId.None || (_outer.Count > 0 && _outer.Peek() == hook)) return;
        _current = hook;
        _profiler.Begin(Name(hook));
    }

    /// <summary>A callback's hook begins, inside the current action.</summary>
    public void OpenCallback(string name)
    {
        _outer.Push(_current);
        _current = HookId.None;
        _profiler.Begin(name);
    }

    public void CloseCallback(string name)
    {
        Leave();
        _profiler.End(name);
        _current = _outer.Pop();
    }

    /// <summary>An action around others begins.</summary>
    public ProfiledScope Open(string name)
    {
        Leave();
        _open.Add(name);
        _profiler.Begin(name);
        return new(this, name);
    }

    public void Close(string name)
    {
        Leave();
        _open.Remove(name);
        _profiler.End(name);
    }

    public void End(Trainer trainer, Stage stage)
    {
        Leave();
        for (var i = _open.Count - 1; i >= 0; i--) _profiler.End(_open[i]);
        _modules?.Dispose();
        _profiler.RunEnded(trainer, stage);
    }

    private void Leave()
    {
        if (_current == HookId.None) return;
        _profiler.End(Name(_current));
        _current = HookId.None;
    }

    private string Name(HookId hook) => _names[(int)hook] ??= hook switch
    {
        HookId.NextBatch => "[Loader]next_batch",
        HookId.Bookkeeping => "[Trainer]bookkeeping",
        _ => $"[LightningModule]{_module}.{hook}",
    };
}
