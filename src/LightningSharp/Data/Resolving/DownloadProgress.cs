using LightningSharp.Terminal;

namespace LightningSharp.Data.Resolving;

/// <summary>Shows a download where a terminal shows it, as often as the display wants it, and takes the line away at the end.</summary>
internal sealed class DownloadProgress(Display display, string name) : IDisposable
{
    private long _began = display.Time.GetTimestamp();
    private long _shownAt;
    private long _beganWith;
    private bool _isShown;

    /// <summary>A try begins.</summary>
    /// <param name="bytes">What earlier ones have left.</param>
    public void Begin(long bytes) => (_began, _beganWith) = (display.Time.GetTimestamp(), bytes);

    /// <summary>More has arrived.</summary>
    /// <param name="bytes">All that is there.</param>
    /// <param name="total">All that there will be, if the server says.</param>
    public void Report(long bytes, long? total)
    {
        if (display.Interval == Timeout.InfiniteTimeSpan || (_isShown && display.Time.GetElapsedTime(_shownAt) < display.Interval && bytes != total))
            return;
        (_isShown, _shownAt) = (true, display.Time.GetTimestamp());
        double seconds = display.Time.GetElapsedTime(_began).TotalSeconds;
        display.Download(new(name, bytes, total, seconds > 0 ? (bytes - _beganWith) / seconds : 0));
    }

    public void Dispose()
    {
        if (_isShown)
            display.Close();
    }
}
