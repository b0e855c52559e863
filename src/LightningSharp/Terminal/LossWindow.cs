namespace LightningSharp.Terminal;

/// <summary>The mean of the latest values, and of all since the epoch began.</summary>
internal sealed class LossWindow(int length)
{
    private readonly double[] _values = new double[length];
    private int _count;
    private int _next;
    private double _sum;
    private long _read;

    /// <summary>Null before the first value.</summary>
    public double? Mean
    {
        get
        {
            if (_count == 0) return null;
            var sum = 0.0; // summed anew: a running sum would keep a NaN or an infinity for ever
            for (var i = 0; i < _count; i++) sum += _values[i];
            return sum / _count;
        }
    }

    /// <summary>Over the epoch; null before its first value.</summary>
    public double? EpochMean => _read == 0 ? null : _sum / _read;

    public void Add(double value)
    {
        _values[_next] = value;
        _next = (_next + 1) % _values.Length;
        if (_count < _values.Length) _count++;
        _sum += value;
        _read++;
    }

    public void StartEpoch() => (_sum, _read) = (0, 0);

    public void Clear()
    {
        (_count, _next) = (0, 0);
        StartEpoch();
    }
}
