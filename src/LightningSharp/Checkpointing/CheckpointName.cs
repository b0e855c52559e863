using System.Globalization;
using System.Text;

namespace LightningSharp.Checkpointing;

/// <summary>Fills the template of a checkpoint's file name: <c>{epoch}-{step}</c>, <c>{val_loss:.2f}</c>, <c>{epoch:02d}</c>.</summary>
internal static class CheckpointName
{
    /// <summary>The name without folder and extension.</summary>
    /// <param name="template">Text with <c>{name}</c> or <c>{name:format}</c>; formats as in Python (<c>.2f</c>, <c>02d</c>, <c>.3e</c>) or .NET (<c>0.00</c>).</param>
    /// <param name="values">The metrics; a name that is not there becomes 0.</param>
    /// <param name="insertNames">Write <c>val_loss=0.12</c> instead of <c>0.12</c>.</param>
    public static string Fill(string template, IReadOnlyDictionary<string, double> values, bool insertNames)
    {
        var name = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '{')
            {
                name.Append(template[i]);
                continue;
            }

            var end = template.IndexOf('}', i);
            if (end < 0) throw new ArgumentException($"The file name template '{template}' has a '{{' without '}}'.", nameof(template));
            var field = template[(i + 1)..end];
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            var (key, format) = colon < 0 ? (field, string.Empty) : (field[..colon], field[(colon + 1)..]);
            if (insertNames) name.Append(Safe(key)).Append('=');
            name.Append(Format(key, values.GetValueOrDefault(key), format));
            i = end;
        }

        return name.ToString();
    }

    /// <summary>A metric name in a file name makes no folder (behaviour MC5): separators become underscores.</summary>
    private static string Safe(string key) => key.Replace('/', '_').Replace('\\', '_');

    private static string Format(string key, double value, string format)
    {
        if (key is "epoch" or "step" && format.Length == 0) return ((long)value).ToString(CultureInfo.InvariantCulture);
        if (format.Length == 0) return Safe(((float)value).ToString("R", CultureInfo.InvariantCulture));
        var kind = format[^1];
        var width = int.TryParse(format.TrimStart('0').TrimEnd('d'), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : 0;
        if (kind == 'd') return ((long)value).ToString(format[0] == '0' ? $"D{width}" : "D", CultureInfo.InvariantCulture).PadLeft(width);
        if (kind is 'f' or 'e' or 'g' && TryPrecision(format, out var precision)) return value.ToString(kind == 'e' ? Exponential(precision) : $"{kind}{precision}", CultureInfo.InvariantCulture);
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    // Python's exponents have two digits, .NET's three.
    private static string Exponential(int precision) => precision == 0 ? "0e+00" : $"0.{new string('0', precision)}e+00";

    private static bool TryPrecision(string format, out int precision)
    {
        precision = 6;
        var dot = format.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? format.Length == 1 : int.TryParse(format[(dot + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out precision);
    }
}
