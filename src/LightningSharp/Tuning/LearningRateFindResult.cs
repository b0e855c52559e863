using System.Globalization;
using System.Text;

namespace LightningSharp.Tuning;

/// <summary>What a learning-rate search measured, and what follows from it.</summary>
/// <param name="LearningRates">The learning rate of each step.</param>
/// <param name="Losses">The smoothed loss of each step.</param>
/// <param name="StoppedEarly">Whether the search ended because the loss diverged.</param>
public sealed record LearningRateFindResult(IReadOnlyList<double> LearningRates, IReadOnlyList<double> Losses, bool StoppedEarly)
{
    /// <summary>Picks a learning rate.</summary>
    /// <param name="rule">How.</param>
    /// <param name="skipBegin">Steps at the start that do not count: smoothing has to settle.</param>
    /// <param name="skipEnd">Steps at the end that do not count.</param>
    /// <returns>The learning rate; null when fewer than two points with a finite loss are left.</returns>
    public double? Suggestion(SuggestionRule rule = SuggestionRule.Steepest, int skipBegin = 10, int skipEnd = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skipBegin);
        ArgumentOutOfRangeException.ThrowIfNegative(skipEnd);
        var (rates, losses) = Points(skipBegin, skipEnd);
        return losses.Length < 2 ? null : rule switch
        {
            SuggestionRule.Valley => LossCurve.Valley(rates, losses),
            SuggestionRule.Minimum => LossCurve.MinimumTenth(rates, losses),
            SuggestionRule.Slide => LossCurve.Slide(rates, losses),
            _ => LossCurve.Steepest(rates, losses),
        };
    }

    /// <summary>The curve as lines of text for a terminal: the loss over the logarithm of the learning rate, the suggestion marked.</summary>
    /// <param name="width">Columns, at least 10.</param>
    /// <param name="height">Lines, at least 3.</param>
    /// <param name="suggestion">The learning rate to mark; null for none.</param>
    public string Chart(int width = 60, int height = 12, double? suggestion = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 3);
        var (rates, losses) = Points(0, 0);
        if (losses.Length < 2) return "(too few points for a chart)";
        var (low, high) = (losses.Min(), losses.Max());
        var (first, last) = (Math.Log(rates[0]), Math.Log(rates[^1]));
        var rows = Enumerable.Range(0, height).Select(_ => new string(' ', width).ToCharArray()).ToArray();
        if (suggestion is > 0) Mark(rows, Column(suggestion.Value));
        for (var i = 0; i < losses.Length; i++)
        {
            var row = high > low ? (int)Math.Round((high - losses[i]) / (high - low) * (height - 1)) : height - 1;
            rows[row][Column(rates[i])] = '*';
        }

        var text = new StringBuilder();
        for (var row = 0; row < height; row++)
        {
            var label = row == 0 ? Text(high) : row == height - 1 ? Text(low) : string.Empty;
            text.Append(label.PadLeft(9)).Append(" |").Append(new string(rows[row]).TrimEnd()).Append('\n');
        }

        return text.Append(' ', 11).Append(Text(rates[0])).Append(Text(rates[^1]).PadLeft(width - Text(rates[0]).Length)).ToString();

        int Column(double rate) => Math.Clamp((int)Math.Round((Math.Log(rate) - first) / (last - first) * (width - 1)), 0, width - 1);
    }

    private static void Mark(char[][] rows, int column)
    {
        foreach (var row in rows) row[column] = ':';
    }

    private (double[] Rates, double[] Losses) Points(int skipBegin, int skipEnd)
    {
        var kept = Enumerable.Range(0, Losses.Count).Where(i => i >= skipBegin && i < Losses.Count - skipEnd && double.IsFinite(Losses[i])).ToArray();
        return ([.. kept.Select(i => LearningRates[i])], [.. kept.Select(i => Losses[i])]);
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
