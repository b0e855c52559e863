using System.Collections;
using System.Diagnostics.CodeAnalysis;
using LightningSharp.Checkpointing;

namespace LightningSharp.Logging;

/// <summary>The latest values by key. Reading one may read the device.</summary>
internal sealed class MetricView : IReadOnlyDictionary<string, double>
{
    private readonly Dictionary<string, MetricValue> _values = [];

    public IEnumerable<string> Keys => _values.Keys;

    public IEnumerable<double> Values => _values.Values.Select(value => value.Read());

    public int Count => _values.Count;

    public double this[string key] => _values.TryGetValue(key, out var value)
        ? value.Read()
        : throw new KeyNotFoundException($"No metric '{key}' has been logged. Available: {(Count == 0 ? "none" : string.Join(", ", _values.Keys))}.");

    public void Set(string key, MetricValue value) => _values[key] = value;

    public void SetNumber(string key, double number)
    {
        var value = new MetricValue();
        value.Set(number);
        _values[key] = value;
    }

    public void SetNumbers(IReadOnlyDictionary<string, object?>? numbers)
    {
        foreach (var key in numbers?.Keys ?? []) SetNumber(key, StateValue.Double(numbers, key));
    }

    public void Clear() => _values.Clear();

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        var found = _values.TryGetValue(key, out var entry);
        value = entry?.Read() ?? 0;
        return found;
    }

    /// <summary>A copy of all values, read now.</summary>
    public Dictionary<string, double> Snapshot() => _values.ToDictionary(entry => entry.Key, entry => entry.Value.Read());

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator()
        => _values.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Read())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
