using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Replaces a rectangle of each image by that of another one of the batch (Yun, Han, Oh, Chun, Choe, Yoo: CutMix, 2019).</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="alpha">The share that stays is drawn from Beta(alpha, alpha); 1 by default: uniform.</param>
public sealed class CutMix(int classes, double alpha = 1) : LabelTransform(classes, alpha)
{
    internal override Tensor Mix(Tensor images, Tensor others, ref double own, Random random)
    {
        int height = (int)images.size(2), width = (int)images.size(3);
        double side = Math.Sqrt(1 - own);
        int y = random.Next(height), x = random.Next(width), h = (int)(height * side), w = (int)(width * side);
        int top = Math.Max(0, y - (h / 2)), left = Math.Max(0, x - (w / 2));
        var box = new Box(top, left, Math.Min(height, y + (h / 2)) - top, Math.Min(width, x + (w / 2)) - left);
        own = 1 - ((double)box.Height * box.Width / (height * width));   // the box may have been cut at the edge
        return where(Box.Mask([box], height, width, images.device), others, images);
    }
}
