namespace LightningSharp.Profiling;

/// <summary>Sums up nested actions: calls, whole time, and time without the actions inside.</summary>
internal sealed class ActionClock(TimeProvider time)
{
    private readonly Dictionary<string, ActionTimes> _rows = [];
    private readonly List<Frame> _stack = [];

    public IReadOnlyCollection<ActionTimes> Rows => _rows.Values;

    public void Begin(string action)
    {
        if (!_rows.TryGetValue(action, out var row)) _rows[action] = row = new(action);
        _stack.Add(new(row, time.GetTimestamp()));
    }

    /// <summary>Ends the latest action of that name; nothing when there is none.</summary>
    /// <returns>Start and end as timestamps; null when there was none.</returns>
    public (long Start, long End)? End(string action)
    {
        var now = time.GetTimestamp();
        for (var i = _stack.Count - 1; i >= 0; i--)
        {
            var frame = _stack[i];
            if (frame.Row.Action != action) continue;
            _stack.RemoveAt(i);
            var whole = time.GetElapsedTime(frame.Start, now);
            frame.Row.Add(whole, whole - frame.Inside);
            if (i > 0) _stack[i - 1].Inside += whole;
            return (frame.Start, now);
        }

        return null;
    }

    private sealed class Frame(ActionTimes row, long start)
    {
        public ActionTimes Row { get; } = row;

        public long Start { get; } = start;

        public TimeSpan Inside { get; set; }
    }
}
