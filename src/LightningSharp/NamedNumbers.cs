using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LightningSharp.Diagnostics;

namespace LightningSharp;

/// <summary>Metrics that a program got back: a name that is not among them is answered with those that are.</summary>
internal sealed class NamedNumbers(Dictionary<string, double> numbers) : IReadOnlyDictionary<string, double>
{
    public int Count => numbers.Count;

    public IEnumerable<string> Keys => numbers.Keys;

    public IEnumerable<double> Values => numbers.Values;

    public double this[string key] => numbers.TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"No metric '{key}' was logged. Available: {(Count == 0 ? "none" : string.Join(", ", Keys))}.{NearestName.Hint(key, Keys)}");

    /// <summary>All of them in one line.</summary>
    public static string Text(IReadOnlyDictionary<string, double> numbers)
        => numbers.Count == 0 ? "no metrics" : string.Join(", ", numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key} {number.Value:G6}")));

    public bool ContainsKey(string key) => numbers.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => numbers.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => numbers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => Text(this);
}
