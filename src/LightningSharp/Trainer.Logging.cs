using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>What is logged and is no number: pictures, distributions, texts, tables.</content>
public sealed partial class Trainer
{
    /// <summary>Whether the loggers of the running stage are open: outside of a run and in a sanity check nothing is written.</summary>
    private bool LogsNow => Run is not null && !Options.Barebones && Stage is Stage.Fit or Stage.Validate or Stage.Test;

    /// <summary>The x-axis of what is logged now: the index of the latest batch that stepped an optimizer, as for metrics.</summary>
    private long LogStep => Hook is HookId.OnTrainEpochEnd or HookId.OnTrainEnd ? Math.Max(0, Progress.StepBatches - 1) : Progress.StepBatches;

    /// <summary>Whether some logger takes pictures (<see cref="IImageLogger"/>) and a run is on: ask before drawing one that costs time.</summary>
    public bool TakesImages => LogsNow && _loggers.Has<IImageLogger>();

    /// <summary>Whether some logger takes distributions (<see cref="IHistogramLogger"/>) and a run is on: ask before collecting values.</summary>
    public bool TakesHistograms => LogsNow && _loggers.Has<IHistogramLogger>();

    /// <summary>Gives a picture to every logger that takes pictures. When there is none, a notice says so once and nothing else happens.</summary>
    /// <param name="name">What it shows; pictures of one name form a series over steps.</param>
    /// <param name="image">The picture.</param>
    /// <param name="step">The x-axis. Default: the current step, as for metrics.</param>
    /// <exception cref="InvalidOperationException">No stage is running: the loggers are closed.</exception>
    public void LogImage(string name, ImageData image, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!Opens<IImageLogger>(name, nameof(LogImage))) return;
        var at = step ?? LogStep;
        _loggers.Send<IImageLogger>(logger => logger.LogImage(name, image, at));
    }

    /// <summary>Gives a tensor [height, width] or [channels, height, width] as a picture to the loggers; it is copied to the host only when one takes pictures.</summary>
    /// <inheritdoc cref="LogImage(string, ImageData, long?)"/>
    public void LogImage(string name, Tensor image, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Opens<IImageLogger>(name, nameof(LogImage))) LogImage(name, ImageData.FromTensor(image), step);
    }

    /// <summary>Gives a distribution to every logger that takes them.</summary>
    /// <param name="name">Whose values they are.</param>
    /// <param name="histogram">The counts, see <see cref="HistogramData.Of(ReadOnlySpan{float}, int)"/>.</param>
    /// <param name="step">The x-axis. Default: the current step, as for metrics.</param>
    /// <exception cref="InvalidOperationException">No stage is running: the loggers are closed.</exception>
    public void LogHistogram(string name, HistogramData histogram, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (!Opens<IHistogramLogger>(name, nameof(LogHistogram))) return;
        var at = step ?? LogStep;
        _loggers.Send<IHistogramLogger>(logger => logger.LogHistogram(name, histogram, at));
    }

    /// <summary>Counts the elements of a tensor and gives the counts to the loggers; it is copied to the host only when one takes distributions.</summary>
    /// <inheritdoc cref="LogHistogram(string, HistogramData, long?)"/>
    public void LogHistogram(string name, Tensor values, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Opens<IHistogramLogger>(name, nameof(LogHistogram))) LogHistogram(name, HistogramData.Of(values), step);
    }

    /// <summary>Gives a text to every logger that takes texts.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="text">The text; TensorBoard shows it as Markdown.</param>
    /// <param name="step">The x-axis. Default: the current step, as for metrics.</param>
    /// <exception cref="InvalidOperationException">No stage is running: the loggers are closed.</exception>
    public void LogText(string name, string text, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Opens<ITextLogger>(name, nameof(LogText))) return;
        var at = step ?? LogStep;
        _loggers.Send<ITextLogger>(logger => logger.LogText(name, text, at));
    }

    /// <summary>Gives a table to every logger that takes tables.</summary>
    /// <param name="name">What it lists.</param>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The rows, each as long as <paramref name="columns"/>; plain data in the cells.</param>
    /// <param name="step">The x-axis. Default: the current step, as for metrics.</param>
    /// <exception cref="ArgumentException">A row has another length than the headings.</exception>
    /// <exception cref="InvalidOperationException">No stage is running: the loggers are closed.</exception>
    public void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Count == columns.Count) continue;
            throw new ArgumentException($"LogTable(\"{name}\", …): row {row} has {rows[row].Count} cells, but there are {columns.Count} columns. Give each row one cell per column.", nameof(rows));
        }

        if (!Opens<ITableLogger>(name, nameof(LogTable))) return;
        var at = step ?? LogStep;
        _loggers.Send<ITableLogger>(logger => logger.LogTable(name, columns, rows, at));
    }

    /// <summary>Writes a line for people in the first process, above the live progress line without breaking it.</summary>
    /// <param name="text">One or more lines.</param>
    public void Print(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!_strategy.IsGlobalZero) return;
        var display = Terminal.Display.For(Options.Console);
        foreach (var line in text.Split('\n')) display.Print(line.TrimEnd('\r'));
    }

    private bool Opens<TAbility>(string name, string method)
        where TAbility : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Stage == Stage.Idle)
        {
            throw new InvalidOperationException(
                $"{method}(\"{name}\", …) was called outside of a run, when the loggers are closed. Call it in a step or hook, or write to a logger directly (Trainer.Loggers).");
        }

        if (Options.Barebones) SayBarebones();
        if (!LogsNow || _loggers.IsEmpty) return false; // nothing is logged at all, which is what the options say
        if (_loggers.Has<TAbility>()) return true;
        Messages.Warn(
            MessageId.NotTaken,
            $"{method} has no effect: no logger of this Trainer is an {typeof(TAbility).Name} (they are: {string.Join(", ", Loggers.Select(logger => logger.GetType().Name))}). "
            + $"Add {nameof(JsonLinesLogger)} or {nameof(TensorBoardLogger)} to TrainerOptions.Loggers.");
        return false;
    }
}
