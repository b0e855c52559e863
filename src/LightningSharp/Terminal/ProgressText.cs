using LightningSharp.Logging;

namespace LightningSharp.Terminal;

/// <summary>A running stage as text.</summary>
internal static class ProgressText
{
    private const int LongestName = 32;
    private const int MostLines = 4;

    /// <summary>The live lines: bar and pace first; metrics that do not fit go to the next line as a whole.</summary>
    public static IReadOnlyList<TextLine> Lines(ProgressState state, int width, Glyphs glyphs)
    {
        var line = Head(state, width, glyphs);
        var lines = new List<TextLine> { line };
        foreach (var (name, value) in Values(state))
        {
            var text = TextWidth.Cut(TextEscape.ForConsole(name), LongestName, glyphs.Ellipsis);
            var need = TextWidth.Of(text) + 1 + value.Length;
            if (line.Width + 3 + need > width)
            {
                if (lines.Count == MostLines)
                {
                    if (line.Width + 2 <= width) line.Add(" " + (glyphs == Glyphs.Unicode ? glyphs.Ellipsis : "+"), Tone.Dim);
                    break;
                }

                lines.Add(line = new TextLine().Add(" "));
            }
            else
            {
                line.Add($" {glyphs.Dot}", Tone.Dim);
            }

            line.Add(" ").Add(text, Tone.Dim).Add(" ").Add(value, value is "NaN" or "inf" or "-inf" ? Tone.Bad : Tone.Normal);
        }

        return lines;
    }

    /// <summary>One line for a log file.</summary>
    public static TextLine Heartbeat(ProgressState state, int width)
    {
        var line = new TextLine().Add($"{Label(state)} {Count(state.Batch, state.Batches)}");
        if (state.Validation is { } validation) line.Add($" | validation {Count(validation.Batch, validation.Batches)}");
        else line.Add($" | {Clocks(state)} | {NumberText.Rate(state.Rate)}");
        foreach (var (name, value) in Values(state))
        {
            var piece = $" | {TextWidth.Cut(TextEscape.ForConsole(name), LongestName, "...")} {value}";
            if (line.Width + TextWidth.Of(piece) <= width) line.Add(piece);
        }

        return line;
    }

    /// <summary>A download: bar, bytes, pace and the time that is left.</summary>
    public static TextLine Download(DownloadState state, int width, Glyphs glyphs)
    {
        var line = new TextLine().Add(" downloading ", Tone.Strong).Add(TextWidth.Cut(TextEscape.ForConsole(state.Name), LongestName, glyphs.Ellipsis)).Add(" ");
        if (state.Total is not > 0) return line.Add(NumberText.Megabytes(state.Bytes)).Add($" {NumberText.Megabytes((long)state.BytesPerSecond)}/s", Tone.Dim);
        AddBar(line, Math.Min(1.0, (double)state.Bytes / state.Total.Value), Math.Clamp(width / 5, 8, 30), Tone.Accent, glyphs);
        line.Add($" {NumberText.Megabytes(state.Bytes)}/{NumberText.Megabytes(state.Total.Value)}");
        line.Add($" {NumberText.Megabytes((long)state.BytesPerSecond)}/s", Tone.Dim);
        if (state.BytesPerSecond <= 0) return line;
        var left = TimeSpan.FromSeconds(Math.Min(1e7, Math.Max(0, state.Total.Value - state.Bytes) / state.BytesPerSecond));
        return line.Add($" {NumberText.Clock(left)} left", Tone.Dim);
    }

    private static TextLine Head(ProgressState state, int width, Glyphs glyphs)
    {
        var (batch, batches) = state.Validation is { } validation ? (validation.Batch, validation.Batches) : (state.Batch, state.Batches);
        var quiet = state.Stage == Stage.SanityCheck;
        var line = new TextLine().Add(" ").Add(Label(state), quiet ? Tone.Dim : Tone.Strong).Add(" ");
        if (state.Validation is not null) line.Add("validation ", Tone.Dim);
        if (batches is > 0 and var total)
        {
            AddBar(line, Math.Min(1.0, (double)batch / total), Math.Clamp(width / 5, 8, 30), quiet ? Tone.Dim : Tone.Accent, glyphs);
            line.Add(" ");
        }

        line.Add(Digits(batch, batches));
        if (quiet || state.Validation is not null) return line;
        line.Add(" ").Add(Clocks(state), Tone.Dim);
        line.Add(" ").Add(NumberText.Rate(state.Rate), Tone.Dim);
        if (width >= 100 && state.RunRemaining is { } left) line.Add($" {glyphs.Dot} run {NumberText.Clock(left)} left", Tone.Dim);
        return line;
    }

    private static void AddBar(TextLine line, double done, int width, Tone tone, Glyphs glyphs)
    {
        var halves = (int)(done * width * 2);
        var full = halves / 2;
        line.Add(Repeat(glyphs.Full, full), tone);
        if (halves % 2 == 1)
        {
            line.Add(glyphs.Head, tone);
            full++;
        }

        line.Add(Repeat(glyphs.Empty, width - full), Tone.Dim);
    }

    private static string Repeat(string glyph, int count) => count <= 0 ? string.Empty : new string(glyph[0], count);

    private static string Label(ProgressState state) => state.Stage switch
    {
        Stage.SanityCheck => "sanity check",
        Stage.Validate => "validating",
        Stage.Test => "testing",
        Stage.Predict => "predicting",
        _ => state.LastEpoch is { } last ? $"epoch {state.Epoch}/{last}" : $"epoch {state.Epoch}",
    };

    // The same width from the first batch to the last.
    private static string Digits(int batch, int? batches)
        => batches is { } total ? $"{batch.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(total.ToString(System.Globalization.CultureInfo.InvariantCulture).Length)}/{total}" : $"{batch}";

    private static string Count(int batch, int? batches) => batches is > 0 and var total ? $"{batch}/{total} ({100L * batch / total}%)" : $"{batch}";

    private static string Clocks(ProgressState state)
    {
        var elapsed = NumberText.Clock(state.Elapsed);
        if (state.Batches is not { } total || state.Batch == 0 || state.Rate is 0 or double.NaN or double.PositiveInfinity) return elapsed;
        return $"{elapsed}<{NumberText.Clock(TimeSpan.FromSeconds(Math.Min(Math.Max(0, total - state.Batch) / state.Rate, 1e7)))}";
    }

    private static IEnumerable<(string Name, string Value)> Values(ProgressState state)
    {
        if (state.Loss is { } loss && !ShowsLoss(state.Metrics)) yield return ("loss", NumberText.Metric(loss));
        foreach (var (name, value) in state.Metrics)
        {
            if (EpochMetrics.IsLoss(name)) yield return (name, NumberText.Metric(value));
        }

        foreach (var (name, value) in state.Metrics)
        {
            if (!EpochMetrics.IsLoss(name)) yield return (name, NumberText.Metric(value));
        }

        if (state.DataShare >= 0.05 && state.Validation is null) yield return ("data", $"{(int)(100 * state.DataShare)}%");
    }

    // The user shows the training loss already: twice is once too often.
    private static bool ShowsLoss(IReadOnlyDictionary<string, double> metrics)
        => metrics.ContainsKey("loss") || metrics.ContainsKey("loss_step") || metrics.ContainsKey("train_loss") || metrics.ContainsKey("train_loss_step");
}
