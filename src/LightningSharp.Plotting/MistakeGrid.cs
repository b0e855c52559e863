using System.Globalization;
using System.Runtime.InteropServices;
using LightningSharp.Logging;
using SkiaSharp;

namespace LightningSharp.Plotting;

/// <summary>A grid of examples with true class, predicted class and probability below each, in the order given: put the worst first.</summary>
public sealed class MistakeGrid
{
    private const int TextHeight = 36;
    private const int Gap = 10;

    private readonly IReadOnlyList<Mistake> _mistakes;
    private readonly int _columns;
    private readonly int _cell;

    /// <summary>Prepares the picture.</summary>
    /// <param name="mistakes">What to show, at least one.</param>
    /// <param name="columns">Examples per row.</param>
    /// <param name="cellSize">Width and height of one example in pixels.</param>
    public MistakeGrid(IReadOnlyList<Mistake> mistakes, int columns = 6, int cellSize = 112)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentOutOfRangeException.ThrowIfZero(mistakes.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellSize, 16);
        (_mistakes, _columns, _cell) = (mistakes, Math.Min(columns, mistakes.Count), cellSize);
    }

    /// <summary>Pixels across.</summary>
    public int Width => (_columns * (_cell + Gap)) + Gap;

    /// <summary>Pixels down.</summary>
    public int Height => (((_mistakes.Count + _columns - 1) / _columns) * (_cell + TextHeight + Gap)) + Gap;

    /// <summary>Writes a PNG file.</summary>
    public void SavePng(string path)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }

    /// <summary>Writes an SVG file.</summary>
    public void SaveSvg(string path)
    {
        using var file = File.Create(path);
        using var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), file);
        Draw(canvas);
    }

    /// <summary>The picture for loggers, see <see cref="IImageLogger"/>.</summary>
    public ImageData ToImage()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        Draw(canvas);
        canvas.Flush();
        return new(Width, Height, 4, bitmap.GetPixelSpan().ToArray());
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        using var font = new SKFont(SKTypeface.Default, 12);
        using var truth = new SKPaint { Color = new SKColor(0x2f, 0x9e, 0x57), IsAntialias = true };
        using var wrong = new SKPaint { Color = new SKColor(0xd3, 0x3c, 0x51), IsAntialias = true };
        for (var i = 0; i < _mistakes.Count; i++)
        {
            var left = Gap + (i % _columns * (_cell + Gap));
            var top = Gap + (i / _columns * (_cell + TextHeight + Gap));
            using var image = ToSkia(_mistakes[i].Image);
            canvas.DrawImage(image, SKRect.Create(left, top, _cell, _cell), new SKSamplingOptions(SKFilterMode.Nearest));
            DrawText(canvas, $"true {_mistakes[i].True}", left, top + _cell + 14, font, truth);
            DrawText(canvas, string.Create(CultureInfo.InvariantCulture, $"{_mistakes[i].Probability * 100:0}% {_mistakes[i].Predicted}"), left, top + _cell + 29, font, wrong);
        }
    }

    private void DrawText(SKCanvas canvas, string raw, float x, float y, SKFont font, SKPaint paint)
    {
        var text = TextEscape.ForConsole(raw);
        while (text.Length > 4 && font.MeasureText(text) > _cell)
        {
            text = text[..^2] + "…";
        }

        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }

    private static SKImage ToSkia(ImageData image)
    {
        var rgba = new byte[image.Width * image.Height * 4];
        var source = image.Pixels.Span;
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            var at = i * image.Channels;
            rgba[i * 4] = source[at];
            rgba[(i * 4) + 1] = source[image.Channels == 1 ? at : at + 1];
            rgba[(i * 4) + 2] = source[image.Channels == 1 ? at : at + 2];
            rgba[(i * 4) + 3] = image.Channels == 4 ? source[at + 3] : (byte)255;
        }

        var pinned = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            // copies the pixels
            return SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), pinned.AddrOfPinnedObject());
        }
        finally
        {
            pinned.Free();
        }
    }
}
