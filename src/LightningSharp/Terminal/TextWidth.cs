using Spectre.Console.Rendering;

namespace LightningSharp.Terminal;

/// <summary>Columns of a terminal, which are not characters: wide signs take two.</summary>
internal static class TextWidth
{
    public static int Of(string text) => IsNarrow(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>The text, cut with an ellipsis when it takes more than <paramref name="width"/> columns.</summary>
    public static string Cut(string text, int width, string ellipsis)
    {
        if (Of(text) <= width) return text;
        var keep = text;
        while (keep.Length > 0 && Of(keep) + Of(ellipsis) > width) keep = keep[..^(char.IsLowSurrogate(keep[^1]) && keep.Length > 1 ? 2 : 1)];
        return keep + ellipsis;
    }

    // What the display itself is made of: ASCII, lines and dots.
    private static bool IsNarrow(string text)
    {
        foreach (var sign in text)
        {
            if (sign is not ((>= ' ' and <= '~') or (>= '\u2500' and <= '\u257f') or '·' or '…')) return false;
        }

        return true;
    }
}
