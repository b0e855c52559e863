using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace LightningSharp;

/// <summary>Turns values into the plain data of checkpoints and hyper-parameter files: null, bool, long, double, text, lists and dictionaries of these. Records become dictionaries of their properties.</summary>
internal static class PlainData
{
    /// <summary>False for what is not data: delegates, streams, modules, tensors, cycles.</summary>
    public static bool TryConvert(object? value, out object? plain, int depth = 0)
    {
        plain = null;
        if (depth > 16) return false;
        switch (value)
        {
            case null: return true;
            case bool or string or long or double: plain = value; return true;
            case sbyte or byte or short or ushort or int or uint: plain = Convert.ToInt64(value, CultureInfo.InvariantCulture); return true;
            case float or decimal: plain = Convert.ToDouble(value, CultureInfo.InvariantCulture); return true;
            case Enum or Guid or TimeSpan or DateTime or DateTimeOffset or Uri or char: plain = Convert.ToString(value, CultureInfo.InvariantCulture); return true;
            case IDictionary map: return TryConvertMap(map, out plain, depth);
            case Delegate or Stream or TorchSharp.torch.nn.Module or TorchSharp.torch.Tensor: return false;
            case IList list: return TryConvertList(list, out plain, depth);
            case ITuple tuple: return TryConvertList(Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).ToList(), out plain, depth);
            default: return RecordData.TryConvert(value, out plain, depth);
        }
    }

    /// <summary>Whether two plain values are the same, element by element.</summary>
    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (IReadOnlyDictionary<string, object?> x, IReadOnlyDictionary<string, object?> y) => x.Count == y.Count && x.All(entry => y.TryGetValue(entry.Key, out var other) && Same(entry.Value, other)),
        (string x, string y) => x == y,
        (IEnumerable x, IEnumerable y) => x.Cast<object?>().SequenceEqual(y.Cast<object?>(), EqualityComparer<object?>.Create(Same)),
        _ => Equals(a, b),
    };

    private static bool TryConvertMap(IDictionary map, out object? plain, int depth)
    {
        var copy = new Dictionary<string, object?>();
        plain = copy;
        foreach (DictionaryEntry entry in map)
        {
            if (!TryConvert(entry.Value, out var value, depth + 1)) return false;
            copy[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty] = value;
        }

        return true;
    }

    private static bool TryConvertList(IList list, out object? plain, int depth)
    {
        var copy = new List<object?>(list.Count);
        plain = copy;
        foreach (var item in list)
        {
            if (!TryConvert(item, out var value, depth + 1)) return false;
            copy.Add(value);
        }

        return true;
    }
}
