using System.Globalization;
using System.Text;

namespace LightningSharp.Checkpointing;

/// <summary>Text from a file as it may appear in a message: control characters escaped, 200 characters at most.</summary>
internal static class Quoted
{
    private const int Longest = 200;

    public static string Text(string text)
    {
        var builder = new StringBuilder(Math.Min(text.Length, Longest) + 16).Append('\'');
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (IsPlain(c)) builder.Append(c);
            else builder.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return text.Length > Longest ? builder.Append(CultureInfo.InvariantCulture, $"…' ({text.Length:N0} characters)").ToString() : builder.Append('\'').ToString();
    }

    // Bidirectional overrides can reorder a whole line of a terminal, so they count as control characters; so do lone surrogates.
    private static bool IsPlain(char c) =>
        !char.IsControl(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);

    public static string Shape(IReadOnlyCollection<long> shape) => shape.Count <= 12 ? $"[{string.Join(", ", shape)}]" : $"[{string.Join(", ", shape.Take(12))}, … {shape.Count} sizes]";
}
