namespace LightningSharp.Metrics.Text;

/// <summary>How SacreBLEU cuts a text into words.</summary>
public enum BleuTokenizer
{
    /// <summary>The rules of the mteval-v13a script: punctuation apart, numbers whole. The standard.</summary>
    Tokenize13a,

    /// <summary>White space only.</summary>
    None,

    /// <summary>Every character.</summary>
    Char,

    /// <summary>Punctuation and symbols of all scripts apart (mteval-v14).</summary>
    Intl,
}
