using System.Diagnostics.CodeAnalysis;
using LightningSharp.Diagnostics;

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
    /// <exception cref="KeyNotFoundException">No epoch logged it; the message lists what there is.</exception>
    public IReadOnlyList<double> this[string name] => _values.TryGetValue(name, out var values)
        ? values
        : throw new KeyNotFoundException($"No epoch logged a metric '{name}'. Available: {(_values.Count == 0 ? "none" : string.Join(", ", _values.Keys))}.{NearestName.Hint(name, _values.Keys)}");

    /// <summary>The values of one metric, if it was logged at all.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IReadOnlyList<double>? values)
    {
        values = _values.GetValueOrDefault(name);
        return values is not null;
    }

    /// <summary>How many epochs there are, and the names of the metrics.</summary>
    public override string ToString() => $"{_epochs.Count} epoch{(_epochs.Count == 1 ? string.Empty : "s")} of {(_values.Count == 0 ? "nothing" : string.Join(", ", _values.Keys))}";

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
