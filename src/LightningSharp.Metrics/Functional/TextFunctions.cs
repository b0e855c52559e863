using LightningSharp.Metrics.Text;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Functional;

/// <summary>
/// The stateless form of each metric for texts: one call, one value. Parameters as in the constructor of the metric named under "see also".
/// Gradients flow where the formula allows it.
/// </summary>
public static class TextFunctions
{
    /// <summary>BLEU over words separated by white space.</summary>
    /// <seealso cref="BLEUScore"/>
    public static Tensor BLEUScore(
        IReadOnlyList<string> preds,
        IReadOnlyList<IReadOnlyList<string>> target,
        int nGram = 4,
        bool smooth = false,
        double[]? weights = null)
        => Stateless.Once(new BLEUScore(nGram, smooth, weights), (preds, target));

    /// <summary>Character edits needed per character of the target.</summary>
    /// <seealso cref="CharErrorRate"/>
    public static Tensor CharErrorRate(IReadOnlyList<string> preds, IReadOnlyList<string> target)
        => Stateless.Once(new CharErrorRate(), (preds, target));

    /// <summary>How many characters must be inserted, deleted or replaced to get from the prediction to the target.</summary>
    /// <seealso cref="EditDistance"/>
    public static Tensor EditDistance(
        IReadOnlyList<string> preds,
        IReadOnlyList<string> target,
        int substitutionCost = 1,
        TextReduction reduction = TextReduction.Mean)
        => Stateless.Once(new EditDistance(substitutionCost, reduction), (preds, target));

    /// <summary>The share of words that are not matched.</summary>
    /// <seealso cref="MatchErrorRate"/>
    public static Tensor MatchErrorRate(IReadOnlyList<string> preds, IReadOnlyList<string> target)
        => Stateless.Once(new MatchErrorRate(), (preds, target));

    /// <summary>How surprised a language model is: the exponential of the mean negative log-likelihood of the right tokens.</summary>
    /// <seealso cref="Perplexity"/>
    public static Tensor Perplexity(Tensor preds, Tensor target, long? ignoreIndex = null)
        => Stateless.Once(new Perplexity(ignoreIndex), (preds, target));

    /// <summary>ROUGE: how much of a reference summary a summary has. The F value of ROUGE-L, or of the first key without it.</summary>
    /// <seealso cref="ROUGEScore"/>
    public static Tensor ROUGEScore(
        IReadOnlyList<string> preds,
        IReadOnlyList<IReadOnlyList<string>> target,
        bool useStemmer = false,
        RougeAccumulate accumulate = RougeAccumulate.Best,
        string[]? rougeKeys = null)
        => Stateless.Once(new ROUGEScore(useStemmer, accumulate, rougeKeys), (preds, target));

    /// <summary>BLEU with a fixed way of cutting texts into words, so that scores of different papers compare.</summary>
    /// <seealso cref="SacreBLEUScore"/>
    public static Tensor SacreBLEUScore(
        IReadOnlyList<string> preds,
        IReadOnlyList<IReadOnlyList<string>> target,
        int nGram = 4,
        bool smooth = false,
        BleuTokenizer tokenize = BleuTokenizer.Tokenize13a,
        bool lowercase = false,
        double[]? weights = null)
        => Stateless.Once(new SacreBLEUScore(nGram, smooth, tokenize, lowercase, weights), (preds, target));

    /// <summary>Word edits needed per word of the target.</summary>
    /// <seealso cref="WordErrorRate"/>
    public static Tensor WordErrorRate(IReadOnlyList<string> preds, IReadOnlyList<string> target)
        => Stateless.Once(new WordErrorRate(), (preds, target));

    /// <summary>How much of the words' information is lost.</summary>
    /// <seealso cref="WordInfoLost"/>
    public static Tensor WordInfoLost(IReadOnlyList<string> preds, IReadOnlyList<string> target)
        => Stateless.Once(new WordInfoLost(), (preds, target));

    /// <summary>How much of the words' information survives.</summary>
    /// <seealso cref="WordInfoPreserved"/>
    public static Tensor WordInfoPreserved(IReadOnlyList<string> preds, IReadOnlyList<string> target)
        => Stateless.Once(new WordInfoPreserved(), (preds, target));
}
