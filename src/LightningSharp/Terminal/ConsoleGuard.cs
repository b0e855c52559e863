namespace LightningSharp.Terminal;

/// <summary>
/// While live lines are open, what the user's program writes with <see cref="System.Console"/> is held back until its line is complete and then appears above them.
/// Standard error is only guarded when it goes to the same terminal.
/// </summary>
internal sealed class ConsoleGuard : IDisposable
{
    private readonly (TextWriter Original, GuardedWriter Guarded, TextWriter Installed) _out;
    private readonly (TextWriter Original, GuardedWriter Guarded, TextWriter Installed)? _error;

    public ConsoleGuard(LiveLines live)
    {
        var original = System.Console.Out;
        var guarded = new GuardedWriter(original, live);
        System.Console.SetOut(guarded);
        _out = (original, guarded, System.Console.Out);
        if (System.Console.IsErrorRedirected) return;
        original = System.Console.Error;
        guarded = new GuardedWriter(original, live);
        System.Console.SetError(guarded);
        _error = (original, guarded, System.Console.Error);
    }

    /// <summary>Puts the writers back, unless somebody else has put theirs there meanwhile.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(System.Console.Out, _out.Installed)) System.Console.SetOut(_out.Original);
        _out.Guarded.Dispose();
        if (_error is not { } error) return;
        if (ReferenceEquals(System.Console.Error, error.Installed)) System.Console.SetError(error.Original);
        error.Guarded.Dispose();
    }
}
