using System.Globalization;
using System.Text;

namespace LightningSharp.Logging;

/// <summary>Names come from user data: before they are printed, control characters (terminal escapes among them) become visible text.</summary>
internal static class TextEscape
{
    /// <summary><paramref name="text"/> with every control and direction-changing character written as <c>\n</c>, <c>\t</c> or <c>\uXXXX</c>.</summary>
    internal static string ForConsole(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') || !text.Any(IsHostile))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = !IsHostile(c) ? result.Append(c) : c switch
            {
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ => result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        return result.ToString();
    }

    private static bool IsHostile(char c)
        => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f';
}
