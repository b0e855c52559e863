using System.Collections;
using System.Globalization;
using TorchSharp;

namespace LightningSharp.Logging;

/// <summary>Brings whatever a user calls a hyper-parameter into one of: null, bool, long, double, string, map, list.</summary>
internal static class PlainValue
{
    /// <summary>How deep nested data is followed; an object that contains itself would never end.</summary>
    internal const int MaxDepth = 32;

    internal static object? Of(object? value) => value switch
    {
        null or bool or long or double or string => value,
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        // through the shortest text: 0.1f is meant as 0.1
        float or Half => double.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        decimal d => (double)d,
        IReadOnlyDictionary<string, object?> map => map,
        IDictionary map => ToMap(map),
        torch.Tensor t => $"Tensor({string.Join(", ", t.shape)}) {t.dtype}",
        IReadOnlyList<object?> list => list,
        IEnumerable items => items.Cast<object?>().ToList(),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static Dictionary<string, object?> ToMap(IDictionary map)
    {
        Dictionary<string, object?> result = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            result[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = entry.Value;
        }

        return result;
    }
}
