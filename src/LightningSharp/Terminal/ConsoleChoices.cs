using LightningSharp.Callbacks;
namespace LightningSharp.Terminal;

/// <summary>What of the console the options ask for: the Trainer adds it unless the user's callbacks hold it already.</summary>
internal static class ConsoleChoices
{
    /// <summary>The callbacks to add.</summary>
    public static IEnumerable<Callback> Defaults(TrainerOptions options)
    {
        if (!options.Barebones) yield return new Banner();
        if (options.EnableModelSummary && !options.Callbacks.Any(callback => callback is ModelSummary)) yield return new ModelSummary();
        if (options.EnableProgressBar && !options.Callbacks.Any(callback => callback is ProgressBar)) yield return new ProgressBar();
    }

    /// <summary>Contradictions between the switches and the user's callbacks, for people.</summary>
    public static IEnumerable<string> Problems(TrainerOptions options)
    {
        var bars = options.Callbacks.Count(callback => callback is ProgressBar);
        var summaries = options.Callbacks.Count(callback => callback is ModelSummary);
        if (bars > 1) yield return $"{nameof(options.Callbacks)} holds {bars} {nameof(ProgressBar)}s: expected one at most. Remove the others.";
        if (summaries > 1) yield return $"{nameof(options.Callbacks)} holds {summaries} callbacks of type {nameof(ModelSummary)}: expected one at most. Remove the others.";
        if (bars > 0 && Off(options.EnableProgressBar) is { } bar)
            yield return $"{bar}, but {nameof(options.Callbacks)} holds a {nameof(ProgressBar)}: remove it, or switch it on.";
        if (summaries > 0 && Off(options.EnableModelSummary) is { } summary)
            yield return $"{summary}, but {nameof(options.Callbacks)} holds a {nameof(ModelSummary)}: remove it, or switch it on.";

        string? Off(bool enabled, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(enabled))] string option = "")
            => !enabled ? $"{option[(option.LastIndexOf('.') + 1)..]} = false" : options.Barebones ? $"{nameof(options.Barebones)} = true" : null;
    }
}
