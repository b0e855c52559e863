using System.Text;

namespace LightningSharp.Logging.Mlflow;

/// <summary>Requests on disk that the server has not confirmed: one line each, <c>kind TAB json</c>. Emptied when everything is confirmed.</summary>
internal sealed class MlflowSpool : IDisposable
{
    internal const string FileName = "mlflow_spool.jsonl";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly Queue<Entry> _waiting = new();
    private bool _isClosed;

    internal MlflowSpool(string path)
    {
        _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        ReadWhatIsLeft();
    }

    internal readonly record struct Entry(string Kind, string Body);

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    internal void Add(string kind, string body)
    {
        lock (_gate)
        {
            _file.Write(Encoding.UTF8.GetBytes($"{kind}\t{body}\n"));
            _waiting.Enqueue(new(kind, body));
        }
    }

    internal bool TryPeek(out Entry entry)
    {
        lock (_gate)
        {
            return _waiting.TryPeek(out entry);
        }
    }

    /// <summary>The first request arrived (or never will): forget it.</summary>
    internal void Confirm()
    {
        lock (_gate)
        {
            _waiting.Dequeue();
            if (_waiting.Count == 0 && !_isClosed)
            {
                _file.SetLength(0);
                _file.Position = 0;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                Compact();
            }

            _isClosed = true; // a request that is still under way may confirm after this
            _file.Dispose();
        }
    }

    /// <summary>Leaves only what is unconfirmed, so that the next start does not repeat the rest.</summary>
    private void Compact()
    {
        var rest = Encoding.UTF8.GetBytes(string.Concat(_waiting.Select(entry => $"{entry.Kind}\t{entry.Body}\n")));
        // the rest is a suffix of the file, written over its beginning: cut at any moment it holds whole lines that are at worst repeated
        _file.Position = 0;
        _file.Write(rest);
        _file.SetLength(rest.Length);
    }

    private void ReadWhatIsLeft()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n'))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0)
            {
                _waiting.Enqueue(new(line[..tab], line[(tab + 1)..]));
            }
        }

        _file.SetLength(whole);
        _file.Position = whole;
    }
}
