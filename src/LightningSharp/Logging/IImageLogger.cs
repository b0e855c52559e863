namespace LightningSharp.Logging;

/// <summary>A logger that also takes pictures. Loggers without this interface are passed over.</summary>
public interface IImageLogger
{
    /// <summary>Writes one picture.</summary>
    /// <param name="name">What it shows; pictures of one name form a series over steps.</param>
    /// <param name="image">The picture.</param>
    /// <param name="step">The x-axis, as for metrics.</param>
    void LogImage(string name, ImageData image, long step);
}
