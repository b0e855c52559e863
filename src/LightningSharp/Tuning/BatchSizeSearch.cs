namespace LightningSharp.Tuning;

/// <summary>Tries batch sizes. A size is only ever returned after it worked.</summary>
/// <param name="options">The settings.</param>
/// <param name="attempt">Runs a size: how many samples its largest batch had and whether that was the whole epoch, or null when memory did not suffice.</param>
/// <param name="say">Told what happened.</param>
internal sealed class BatchSizeSearch(BatchSizeScaleOptions options, Func<int, (int Samples, bool IsEpoch)?> attempt, Action<string> say)
{
    private int _trials;
    private int _works;
    private int _fails = int.MaxValue;
    private bool _coversData;

    /// <summary>The size; 0 when not even size 1 worked.</summary>
    public int Run()
    {
        var size = options.InitVal;
        while (_trials < options.MaxTrials && Try(size))
        {
            if (_coversData || size >= options.MaxVal) return _works;
            size = (int)Math.Min(size * 2L, options.MaxVal);
        }

        if (_fails == int.MaxValue) return _works; // MaxTrials
        while (_works == 0 && size > 1 && _trials < options.MaxTrials) Try(size /= 2);
        if (options.Mode == BatchSizeMode.Power || _works == 0) return _works;
        while (_fails - _works > 1 && _trials < options.MaxTrials) Try(_works + ((_fails - _works) / 2));
        return Math.Max(1, (int)(_works * (1 - options.Margin)));
    }

    private bool Try(int size)
    {
        _trials++;
        if (attempt(size) is not { } result)
        {
            _fails = Math.Min(_fails, size);
            say($"batch size {size}: memory does not suffice");
            return false;
        }

        _coversData = result.IsEpoch || result.Samples < size;
        _works = Math.Min(result.Samples, size);
        say(_coversData ? $"batch size {size} works, and {_works} is all the data there is" : $"batch size {size} works");
        return true;
    }
}
