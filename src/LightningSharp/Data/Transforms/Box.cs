using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width)
{
    /// <summary>True inside the box of each image: [B, 1, H, W]; one box for all images: [1, 1, H, W].</summary>
    public static Tensor Mask(ReadOnlySpan<Box> boxes, int height, int width, Device device)
    {
        var mask = new bool[boxes.Length * height * width];
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int y = boxes[i].Top; y < boxes[i].Top + boxes[i].Height; y++)
                mask.AsSpan((((i * height) + y) * width) + boxes[i].Left, boxes[i].Width).Fill(true);
        }

        return HostTensor.Of(mask, device, boxes.Length, 1, height, width);
    }
}
