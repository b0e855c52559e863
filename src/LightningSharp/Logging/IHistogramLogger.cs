namespace LightningSharp.Logging;

/// <summary>A logger that also takes distributions: of weights, gradients, activations. Loggers without this interface are passed over.</summary>
public interface IHistogramLogger
{
    /// <summary>Writes one distribution.</summary>
    /// <param name="name">Whose values they are; histograms of one name form a series over steps.</param>
    /// <param name="histogram">The counts, see <see cref="HistogramData.Of(ReadOnlySpan{float}, int)"/>.</param>
    /// <param name="step">The x-axis, as for metrics.</param>
    void LogHistogram(string name, HistogramData histogram, long step);
}
