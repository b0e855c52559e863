using System.Diagnostics.CodeAnalysis;

namespace LightningSharp;

/// <summary>The metrics of each epoch: name to one value per epoch, NaN where an epoch did not log it.</summary>
public sealed class TrainingHistory
{
    private readonly List<int> _epochs = [];
    private readonly Dictionary<string, List<double>> _values = [];

    /// <summary>Indices of the epochs, in order.</summary>
    public IReadOnlyList<int> Epochs => _epochs;

    /// <summary>Names of the metrics.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>The values of one metric, one per epoch.</summary>
    public IReadOnlyList<double> this[string name] => _values[name];

    /// <summary>The values of one metric, if it was logged at all.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IReadOnlyList<double>? values)
    {
        values = _values.GetValueOrDefault(name);
        return values is not null;
    }

    internal void Add(int epoch, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            if (!_values.TryGetValue(name, out var values)) _values[name] = values = [.. Enumerable.Repeat(double.NaN, _epochs.Count)];
            values.Add(value);
        }

        _epochs.Add(epoch);
        foreach (var values in _values.Values)
        {
            if (values.Count < _epochs.Count) values.Add(double.NaN);
        }
    }
}
