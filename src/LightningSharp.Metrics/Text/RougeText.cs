namespace LightningSharp.Metrics.Text;

/// <summary>A text as ROUGE reads it: lower case, cut at everything but a … z and 0 … 9, stemmed if asked; as a whole, and line by line.</summary>
internal readonly record struct RougeText(string[] Words, string[][] Sentences)
{
    internal static RougeText Of(string text, bool stem)
    {
        var sentences = text.Split('\n').Select(line => Cut(line, stem)).ToArray();
        return new([.. sentences.SelectMany(words => words)], sentences);
    }

    private static string[] Cut(string line, bool stem)
    {
#pragma warning disable CA1308 // ROUGE is defined on lower case
        var plain = line.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? c : ' ').ToArray();
#pragma warning restore CA1308
        var words = EditOperations.Words(new string(plain));
        if (!stem) return words;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Length > 3) words[i] = PorterStemmer.Stem(words[i]); // ROUGE leaves short words alone
        }

        return words;
    }
}
