namespace LightningSharp.Report.Runs;

/// <summary>The points of one metric, by rising step.</summary>
internal sealed class Series
{
    private readonly List<long> _steps = [];
    private readonly List<double> _values = [];
    private bool _isSorted = true;

    internal int Count => _steps.Count;

    internal ReadOnlySpan<long> Steps => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps);

    internal ReadOnlySpan<double> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    internal void Add(long step, double value)
    {
        _isSorted &= _steps.Count == 0 || step >= _steps[^1];
        _steps.Add(step);
        _values.Add(value);
    }

    internal void DropFrom(long step)
    {
        var kept = 0;
        for (var i = 0; i < _steps.Count; i++)
        {
            if (_steps[i] < step)
            {
                (_steps[kept], _values[kept]) = (_steps[i], _values[i]);
                kept++;
            }
        }

        _steps.RemoveRange(kept, _steps.Count - kept);
        _values.RemoveRange(kept, _values.Count - kept);
    }

    /// <summary>A run that went back in steps wrote later rows with smaller ones; equal steps keep their order.</summary>
    internal void Sort()
    {
        if (_isSorted)
        {
            return;
        }

        var order = Enumerable.Range(0, _steps.Count).OrderBy(i => _steps[i]).ToArray();
        var (steps, values) = (Array.ConvertAll(order, i => _steps[i]), Array.ConvertAll(order, i => _values[i]));
        _steps.Clear();
        _values.Clear();
        _steps.AddRange(steps);
        _values.AddRange(values);
        _isSorted = true;
    }
}
