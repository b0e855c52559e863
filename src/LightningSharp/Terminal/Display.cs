using System.Collections.Concurrent;
using Spectre.Console;

namespace LightningSharp.Terminal;

/// <summary>Where a run shows itself. The base shows nothing: it is the quiet mode.</summary>
/// <param name="time">The clock.</param>
internal class Display(TimeProvider time)
{
    private static readonly ConcurrentDictionary<ConsoleMode, Lazy<Display>> _shared = new();
    private WeakReference<Trainer>? _holder;

    public TimeProvider Time { get; } = time;

    /// <summary>How often <see cref="Progress"/> is wanted; infinite for never.</summary>
    public virtual TimeSpan Interval => Timeout.InfiniteTimeSpan;

    /// <summary>Whether the first drawing of a stage waits for <see cref="Interval"/>: signs of life do, a live line does not.</summary>
    public virtual bool IsHeartbeat => true;

    /// <summary>The process's display of a mode: there is one terminal, so there is one of each.</summary>
    public static Display For(ConsoleMode option)
    {
        var mode = ConsoleSetting.Resolve(option, Environment.GetEnvironmentVariable, !System.Console.IsOutputRedirected);
        return _shared.GetOrAdd(mode, static mode => new(() => Create(mode))).Value;
    }

    /// <summary>
    /// Takes the display for a run. False when another run holds it: a fit inside a fit (a search, a finder) or beside it must not tear the outer one's lines.
    /// Nothing has to be given back: a Trainer that is idle holds nothing.
    /// </summary>
    public bool Claim(Trainer trainer)
    {
        lock (this)
        {
            if (_holder is not null && _holder.TryGetTarget(out var holder) && !ReferenceEquals(holder, trainer) && holder.Stage != LightningSharp.Stage.Idle) return false;
            _holder = new(trainer);
            return true;
        }
    }

    /// <summary>The banner.</summary>
    public virtual void Start(RunFacts facts)
    {
    }

    /// <summary>The table of layers.</summary>
    public virtual void Summary(SummaryTable table)
    {
    }

    /// <summary>A running stage; called at most once per <see cref="Interval"/>.</summary>
    public virtual void Progress(ProgressState state)
    {
    }

    /// <summary>A download under way; only a terminal shows it. <see cref="Close"/> ends it.</summary>
    public virtual void Download(DownloadState state)
    {
    }

    /// <summary>A finished epoch.</summary>
    public virtual void Epoch(EpochFacts facts)
    {
    }

    /// <summary>The results of an evaluation.</summary>
    public virtual void Evaluation(EvaluationFacts facts)
    {
    }

    /// <summary>The closing lines.</summary>
    public virtual void Finish(FinishFacts facts)
    {
    }

    /// <summary>The closing line of a run inside another one.</summary>
    public virtual void FinishInner(FinishFacts facts)
    {
    }

    /// <summary>The run ends with an exception, which its caller will see.</summary>
    public virtual void Fail(FailureFacts facts)
    {
    }

    /// <summary>Takes the live lines away, so that whatever is printed next stands on a clean line.</summary>
    public virtual void Close()
    {
    }

    /// <summary>A message of a logger.</summary>
    public virtual void Log(LogFacts facts)
    {
    }

    /// <summary>One line of text from the user's program, above the live lines.</summary>
    public virtual void Print(string line) => System.Console.Out.WriteLine(line);

    private static Display Create(ConsoleMode mode) => mode switch
    {
        ConsoleMode.Rich => new RichDisplay(RichConsole(), TimeProvider.System, guardsConsole: true),
        ConsoleMode.Plain => new PlainDisplay(System.Console.Out, TimeProvider.System),
        ConsoleMode.Json => new JsonDisplay(System.Console.Out, TimeProvider.System),
        _ => new Display(TimeProvider.System),
    };

    // Asked for by option or found to be a terminal: control sequences are wanted. Colours stay Spectre's decision (NO_COLOR, the terminal's depth).
    private static IAnsiConsole RichConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(System.Console.Out) });
}
