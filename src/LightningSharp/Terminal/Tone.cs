namespace LightningSharp.Terminal;

/// <summary>What a piece of text means; the display decides how that looks.</summary>
internal enum Tone
{
    Normal,
    Dim,
    Strong,
    Accent,
    Good,
    Warning,
    Bad,
}
