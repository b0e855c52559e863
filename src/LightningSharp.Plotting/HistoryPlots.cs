using ScottPlot;

namespace LightningSharp.Plotting;

/// <summary>Pictures of a <see cref="TrainingHistory"/>.</summary>
public static class HistoryPlots
{
    /// <summary>The metrics of each epoch as curves.</summary>
    /// <param name="history">From <c>FitResult.History</c>.</param>
    /// <param name="names">Which metrics; none for all whose name ends in <c>loss</c>, or for all when there is no such.</param>
    /// <returns>The picture, to be changed or saved.</returns>
    /// <exception cref="ArgumentException">A name was not logged.</exception>
    public static Plot Curves(this TrainingHistory history, params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(history);
        string[] wanted = [.. names];
        if (wanted.FirstOrDefault(name => !history.TryGet(name, out _)) is { } unknown)
            throw new ArgumentException($"'{unknown}' was not logged in any epoch. There are: {(history.Names.Count == 0 ? "none" : string.Join(", ", history.Names))}. Log it with onEpoch: true.", nameof(names));
        if (wanted.Length == 0) wanted = [.. history.Names.Where(name => name.EndsWith("loss", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        if (wanted.Length == 0) wanted = [.. history.Names.Order(StringComparer.Ordinal)];
        var curves = wanted.Select(name => new Curve(name, [.. history.Epochs.Zip(history[name], static (epoch, value) => ((long)epoch, value))])).ToList();
        var plot = Plots.LearningCurves(curves, yLabel: wanted.All(name => name.EndsWith("loss", StringComparison.Ordinal)) ? "loss" : "value");
        plot.XLabel("epoch");
        return plot;
    }

    /// <summary>Draws the metrics of each epoch into a file; its ending says how: <c>.png</c> or <c>.svg</c>.</summary>
    /// <param name="history">From <c>FitResult.History</c>.</param>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="names">See <see cref="Curves"/>.</param>
    /// <returns>The full path of the file.</returns>
    /// <example><code>result.History.PlotCurves("loss.png");</code></example>
    public static string PlotCurves(this TrainingHistory history, string path, params IEnumerable<string> names) => history.Curves(names).SaveTo(path);
}
