using LightningSharp.Data;
using SkiaSharp;

namespace LightningSharp.Vision;

/// <summary>Decodes a picture file.</summary>
internal static class Picture
{
    // a small file can claim enormous dimensions; 100 megapixels decode to 400 MB
    private const long MostPixels = 100_000_000;
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>The middle of the picture, scaled so that it just covers the size, as [3, H, W] from 0 to 1.</summary>
    public static float[,,] Read(string path, int height, int width)
    {
        using var codec = SKCodec.Create(path, out var result) ?? throw Damaged(path, result.ToString());
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            throw new DataException($"{path} claims {codec.Info.Width} x {codec.Info.Height} pixels. Expected at most {MostPixels:N0} in all.");
        using var full = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        result = codec.GetPixels(full.Info, full.GetPixels());
        if (result != SKCodecResult.Success)
            throw Damaged(path, result.ToString());
        using var scaled = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using (var canvas = new SKCanvas(scaled))
        using (var image = SKImage.FromBitmap(full))
        {
            canvas.Clear(SKColors.Black);
            canvas.DrawImage(image, Middle(full, height, width), new SKRect(0, 0, width, height), Smooth);
        }

        return Planes(scaled.GetPixelSpan(), scaled.RowBytes, height, width);
    }

    private static SKRect Middle(SKBitmap picture, int height, int width)
    {
        float scale = Math.Min((float)picture.Width / width, (float)picture.Height / height);
        float w = width * scale, h = height * scale;
        return SKRect.Create((picture.Width - w) / 2, (picture.Height - h) / 2, w, h);
    }

    private static float[,,] Planes(ReadOnlySpan<byte> pixels, int rowBytes, int height, int width)
    {
        var planes = new float[3, height, width];
        for (int y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * rowBytes, width * 4);
            for (int x = 0; x < width; x++)
            {
                for (int colour = 0; colour < 3; colour++)
                    planes[colour, y, x] = row[(x * 4) + colour] / 255f;
            }
        }

        return planes;
    }

    private static DataException Damaged(string path, string why) =>
        new($"{path} could not be decoded ({why}). Expected a whole JPEG, PNG, BMP, WebP or GIF file; replace or remove it.");
}
