using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Text;

/// <summary>BLEU with a fixed way of cutting texts into words, so that scores of different papers compare.</summary>
/// <remarks>As <see cref="BLEUScore"/> after the tokenizer. M. Post, 2018.</remarks>
/// <param name="nGram">The longest run of words.</param>
/// <param name="smooth">Whether one is added to matched and all for orders above one.</param>
/// <param name="tokenize">How texts are cut.</param>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="weights">The weight of each order; equal when null.</param>
public sealed class SacreBLEUScore(
    int nGram = 4,
    bool smooth = false,
    BleuTokenizer tokenize = BleuTokenizer.Tokenize13a,
    bool lowercase = false,
    double[]? weights = null)
    : BleuMetric(nGram, smooth, weights)
{
    /// <summary>How texts are cut.</summary>
    public BleuTokenizer Tokenize { get; } = tokenize;

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; } = lowercase;

    private static readonly (Regex Pattern, string Replacement)[] Rules13a =
    [
        (new(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), " $1 "),
        (new(@"([^0-9])([\.,])"), "$1 $2 "),
        (new(@"([\.,])([^0-9])"), " $1 $2"),
        (new(@"([0-9])(-)"), "$1 $2 "),
    ];

    private static readonly (Regex Pattern, string Replacement)[] RulesIntl =
    [
        (new(@"(\P{N})(\p{P})"), "$1 $2 "),
        (new(@"(\p{P})(\P{N})"), " $1 $2"),
        (new(@"(\p{S})"), " $1 "),
    ];

    private protected override string[] Tokens(string text)
    {
#pragma warning disable CA1308 // BLEU ignores case by lower case
        var cased = Lowercase ? text.ToLowerInvariant() : text;
#pragma warning restore CA1308
        return EditOperations.Words(Tokenize switch
        {
            BleuTokenizer.Tokenize13a => Apply(Unescaped(cased), Rules13a),
            BleuTokenizer.Intl => Apply(cased, RulesIntl),
            BleuTokenizer.Char => string.Join(' ', cased.ToCharArray()),
            _ => cased,
        });
    }

    private static string Apply(string text, (Regex Pattern, string Replacement)[] rules)
        => rules.Aggregate($" {text} ", (line, rule) => rule.Pattern.Replace(line, rule.Replacement));

    private static string Unescaped(string text) => text
        .Replace("<skipped>", string.Empty, StringComparison.Ordinal).Replace("-\n", string.Empty, StringComparison.Ordinal).Replace('\n', ' ')
        .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
        .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
}
