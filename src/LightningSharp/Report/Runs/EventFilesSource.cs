using LightningSharp.Logging.TensorBoard;

namespace LightningSharp.Report.Runs;

/// <summary>Reads the TensorBoard event files of a folder, in the order of their names, each from where it was left.</summary>
internal sealed class EventFilesSource(string directory, RunContent content) : IDisposable
{
    internal const string Pattern = "events.out.tfevents.*";

    private const string TextSuffix = "/text_summary";

    private readonly SortedDictionary<string, EventFileReader> _files = new(StringComparer.Ordinal);

    internal bool Refresh()
    {
        foreach (var path in Directory.EnumerateFiles(directory, Pattern))
        {
            if (!_files.ContainsKey(path))
            {
                _files[path] = new(path);
            }
        }

        var changed = false;
        foreach (var reader in _files.Values)
        {
            foreach (var logged in reader.ReadNew())
            {
                changed = true;
                Take(logged);
            }
        }

        return changed;
    }

    public void Dispose()
    {
        foreach (var reader in _files.Values)
        {
            reader.Dispose();
        }
    }

    private void Take(LoggedEvent logged)
    {
        if (logged.IsRestart)
        {
            content.DropFrom(logged.Step);
        }

        foreach (var value in logged.Values)
        {
            if (value.Scalar is { } scalar)
            {
                content.AddPoint(value.Tag, logged.Step, scalar);
            }
            else if (value.Image is { } image)
            {
                content.Add(new PictureEntry(value.Tag, logged.Step, image, null));
            }
            else if (value.Histogram is { } histogram)
            {
                content.Add(value.Tag, logged.Step, histogram);
            }
            else if (value.Text is { } text)
            {
                content.Add(value.Tag.EndsWith(TextSuffix, StringComparison.Ordinal) ? value.Tag[..^TextSuffix.Length] : value.Tag, logged.Step, text);
            }
        }
    }
}
