using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LightningSharp.Logging;

/// <summary>Emits block-style YAML for plain data.</summary>
internal static partial class YamlText
{
    internal static string Of(IReadOnlyDictionary<string, object?> map)
    {
        var text = new StringBuilder();
        if (map.Count == 0)
        {
            return "{}\n";
        }

        AppendMap(text, map, indent: 0);
        return text.ToString();
    }

    /// <summary>A double that YAML 1.1 readers (they want a point and a signed exponent) also take for a number.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }

        var digits = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = digits.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponent < 0 ? digits : digits[..exponent];
        var point = mantissa.Contains('.') ? "" : ".0";
        return mantissa + point + (exponent < 0 ? "" : "e" + digits[(exponent + 1)..]);
    }

    internal static string Scalar(string text)
    {
        if (text.Length > 0 && PlainText().IsMatch(text) && !LooksLikeSomethingElse().IsMatch(text))
        {
            return text;
        }

        return text.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff')
            ? DoubleQuoted(text)
            : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    private static void AppendMap(StringBuilder text, IReadOnlyDictionary<string, object?> map, int indent)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', indent).Append(Scalar(key)).Append(':');
            AppendValue(text, value, indent, listsIndent: 0);
        }
    }

    private static void AppendList(StringBuilder text, IReadOnlyList<object?> list, int indent)
    {
        foreach (var value in list)
        {
            text.Append(' ', indent).Append('-');
            AppendValue(text, value, indent, listsIndent: 2);
        }
    }

    private static void AppendValue(StringBuilder text, object? raw, int indent, int listsIndent)
    {
        var value = indent >= 2 * PlainValue.MaxDepth && raw is System.Collections.IEnumerable and not string ? "..." : PlainValue.Of(raw);
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> { Count: > 0 } map:
                text.Append('\n');
                AppendMap(text, map, indent + 2);
                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                text.Append('\n');
                AppendList(text, list, indent + listsIndent);
                break;
            default:
                text.Append(' ').Append(Leaf(value)).Append('\n');
                break;
        }
    }

    private static string Leaf(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        long n => n.ToString(CultureInfo.InvariantCulture),
        double d => Number(d),
        IReadOnlyDictionary<string, object?> => "{}",
        IReadOnlyList<object?> => "[]",
        _ => Scalar((string)value),
    };

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append((char)rune.Value),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < 0x20 or (>= 0x7f and < 0xa0) or 0x2028 or 0x2029 or 0xfeff => quoted.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append('"').ToString();
    }

    // letters, digits and a few harmless signs, no space at the ends, no ": " or " #": everything else is quoted
    [GeneratedRegex(@"^[\p{L}_/.][\p{L}\p{N}_/.@+=()<>\\-]*( [\p{L}\p{N}_/.@+=()<>\\-]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();

    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|y|n|\.nan|[-+]?\.inf|\.[0-9].*|\.+|=|<<|[-+.0-9][-+.0-9_eExXoObB:]*)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LooksLikeSomethingElse();
}
