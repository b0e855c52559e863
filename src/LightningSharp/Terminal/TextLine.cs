using System.Text;

namespace LightningSharp.Terminal;

/// <summary>One line for people, in pieces of different meaning. The text is as it will be shown: names from users are escaped before.</summary>
internal sealed class TextLine
{
    private readonly List<(string Text, Tone Tone)> _pieces = [];

    public IReadOnlyList<(string Text, Tone Tone)> Pieces => _pieces;

    /// <summary>Columns of the terminal that the line takes.</summary>
    public int Width { get; private set; }

    public TextLine Add(string text, Tone tone = Tone.Normal)
    {
        if (text.Length == 0) return this;
        // Fewer pieces are drawn faster; blanks look the same in every tone.
        if (_pieces.Count > 0 && (_pieces[^1].Tone == tone || string.IsNullOrWhiteSpace(text))) _pieces[^1] = (_pieces[^1].Text + text, _pieces[^1].Tone);
        else _pieces.Add((text, tone));
        Width += TextWidth.Of(text);
        return this;
    }

    public TextLine AddRight(string text, int width, Tone tone = Tone.Normal) => Add(new string(' ', Math.Max(0, width - TextWidth.Of(text)))).Add(text, tone);

    public TextLine AddLeft(string text, int width, Tone tone = Tone.Normal) => Add(text, tone).Add(new string(' ', Math.Max(0, width - TextWidth.Of(text))));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (piece, _) in _pieces) text.Append(piece);
        return text.ToString();
    }
}
