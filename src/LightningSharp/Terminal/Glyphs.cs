namespace LightningSharp.Terminal;

/// <summary>The signs of a display: with Unicode, or in ASCII for log files and old terminals.</summary>
internal sealed record Glyphs(
    string Vertical, string Horizontal, string Cross, string Dot, string Check, string Fail, string Star, string Bolt, string Full, string Head, string Empty, string Ellipsis)
{
    public static Glyphs Unicode { get; } = new("│", "─", "┼", "·", "✓", "✗", "★", "⚡ ", "━", "╸", "─", "…");

    public static Glyphs Ascii { get; } = new("|", "-", "+", "|", "finished", "failed", "*", string.Empty, "#", "#", ".", "...");
}
