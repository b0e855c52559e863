namespace LightningSharp.Profiling;

/// <summary>
/// Is told when an action of a run begins and ends: fetching a batch, each hook, step, transfer, backward, optimizer step, checkpoint, and scopes of the user's own.
/// Derive from it for a profiler of your own; <see cref="TrainerOptions.Profiler"/> takes it. Without one a run pays nothing.
/// </summary>
public abstract class Profiler : IDisposable
{
    private readonly HashSet<string> _open = [];

    /// <summary>Whether the forward pass of every layer is an action of its own (<c>[Module]conv1.0</c>).</summary>
    /// <value>Default: false: hooks on layers take about a microsecond each.</value>
    public bool TimesModules { get; init; }

    /// <summary>Times a piece of user code: <c>using (profiler.Profile("augment")) { … }</c>. On the step's thread.</summary>
    /// <exception cref="InvalidOperationException">An action of that name is running.</exception>
    public IDisposable Profile(string action)
    {
        Start(action);
        return new Scope(this, action);
    }

    /// <summary>Starts an action of the user's.</summary>
    /// <exception cref="InvalidOperationException">An action of that name is running.</exception>
    public void Start(string action)
    {
        ArgumentException.ThrowIfNullOrEmpty(action);
        if (!_open.Add(action)) throw new InvalidOperationException($"The action \"{action}\" was started twice. Stop it before it starts again, or use another name.");
        Begin(action);
    }

    /// <summary>Ends an action of the user's.</summary>
    /// <exception cref="InvalidOperationException">No action of that name is running.</exception>
    public void Stop(string action)
    {
        ArgumentException.ThrowIfNullOrEmpty(action);
        if (!_open.Remove(action)) throw new InvalidOperationException($"The action \"{action}\" was stopped without having been started.");
        End(action);
    }

    /// <summary>What was learned so far, as text for people.</summary>
    public virtual string Describe() => string.Empty;

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>An action begins. Actions nest; one may nest in another of the same name.</summary>
    protected internal abstract void Begin(string action);

    /// <summary>The latest action of that name ends. Everything that began inside it has ended.</summary>
    protected internal abstract void End(string action);

    /// <summary>A run begins.</summary>
    /// <param name="trainer">The Trainer.</param>
    /// <param name="stage">Its entry point.</param>
    protected internal virtual void RunStarted(Trainer trainer, Stage stage)
    {
    }

    /// <summary>A run has ended, also by an exception: the place to write results.</summary>
    /// <inheritdoc cref="RunStarted"/>
    protected internal virtual void RunEnded(Trainer trainer, Stage stage)
    {
    }

    private sealed class Scope(Profiler profiler, string action) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            if (_ended) return;
            _ended = true;
            profiler.Stop(action);
        }
    }
}
