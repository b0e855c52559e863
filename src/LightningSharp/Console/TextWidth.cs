using Spectre.Console.Rendering;

namespace LightningSharp.Console;

/// <summary>Columns of a terminal, which are not characters: wide signs take two.</summary>
internal static class TextWidth
{
    public static int Of(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text.Length : new Segment(text).CellCount();

    /// <summary>The text, cut with an ellipsis when it takes more than <paramref name="width"/> columns.</summary>
    public static string Cut(string text, int width, string ellipsis)
    {
        if (Of(text) <= width) return text;
        var keep = text;
        while (keep.Length > 0 && Of(keep) + Of(ellipsis) > width) keep = keep[..^(char.IsLowSurrogate(keep[^1]) && keep.Length > 1 ? 2 : 1)];
        return keep + ellipsis;
    }
}
