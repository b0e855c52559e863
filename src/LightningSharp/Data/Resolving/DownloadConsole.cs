using LightningSharp.Terminal;

namespace LightningSharp.Data.Resolving;

/// <summary>Where downloads of this thread show themselves: as the options of the run say that asks for the data; outside of runs as the environment says.</summary>
internal static class DownloadConsole
{
    [ThreadStatic]
    private static ConsoleMode? _mode;

    public static Display Current => Display.For(_mode ?? ConsoleMode.Auto);

    /// <summary>Does a piece of work for a run.</summary>
    public static void During(TrainerOptions options, Action work)
    {
        var before = _mode;
        _mode = options.EnableProgressBar && !options.Barebones ? options.Console : ConsoleMode.Quiet;
        try
        {
            work();
        }
        finally
        {
            _mode = before;
        }
    }
}
