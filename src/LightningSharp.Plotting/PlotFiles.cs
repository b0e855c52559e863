using LightningSharp.Logging;
using ScottPlot;
using SkiaSharp;

namespace LightningSharp.Plotting;

/// <summary>Where a picture goes: a file, or the loggers.</summary>
public static class PlotFiles
{
    /// <summary>Saves a picture; the ending of the path says how: <c>.png</c> or <c>.svg</c>. The folder is made.</summary>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="ArgumentException">Another ending.</exception>
    public static string SaveTo(this Plot plot, string path, int width = 800, int height = 500)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var ending = Path.GetExtension(full).ToUpperInvariant();
        if (ending is not (".PNG" or ".SVG")) throw new ArgumentException($"A picture's file ends in .png or .svg; received '{path}'.", nameof(path));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a full path of a file has a folder
        if (ending == ".PNG") plot.SavePng(full, width, height);
        else plot.SaveSvg(full, width, height);
        return full;
    }

    /// <summary>The picture for <c>LogImage</c>.</summary>
    /// <example><code>LogImage("confusion", ConfusionMatrixPlot.Create(_matrix.Compute(), names).ToImage());</code></example>
    public static ImageData ToImage(this Plot plot, int width = 640, int height = 480)
    {
        ArgumentNullException.ThrowIfNull(plot);
        using var decoded = SKBitmap.Decode(plot.GetImage(width, height).GetImageBytes());
        using var bitmap = decoded.Copy(SKColorType.Rgba8888);
        return new(bitmap.Width, bitmap.Height, 4, bitmap.GetPixelSpan().ToArray());
    }
}
