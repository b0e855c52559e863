using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Overwrites a random rectangle of each image (Zhong, Zheng, Kang, Li, Yang: Random Erasing Data Augmentation, 2017).</summary>
public sealed class RandomErasing : BatchTransform, IDisposable
{
    private const int Attempts = 10;
    private readonly double _probability;
    private readonly (double Least, double Most) _area;
    private readonly (double Least, double Most) _ratio;
    private readonly Tensor _value;

    /// <summary>Sets how often and how much.</summary>
    /// <param name="probability">Of each image.</param>
    /// <param name="area">Least and largest share of the image's area; 0.02 to 0.33 when null.</param>
    /// <param name="ratio">Least and largest ratio of height to width; 0.3 to 3.3 when null.</param>
    /// <param name="value">What the rectangle is filled with.</param>
    public RandomErasing(double probability = 0.5, (double Least, double Most)? area = null, (double Least, double Most)? ratio = null, float value = 0)
    {
        _probability = Probability(probability, nameof(probability));
        _area = Range(area ?? (0.02, 0.33), nameof(area), 1);
        _ratio = Range(ratio ?? (0.3, 3.3), nameof(ratio), double.MaxValue);
        _value = tensor(value).DetachFromDisposeScope();   // lives until Dispose
    }

    /// <summary>Frees the filling.</summary>
    public void Dispose() => _value.Dispose();

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        var random = key.Create(salt);
        int height = (int)images.size(2), width = (int)images.size(3);
        var boxes = new Box[images.size(0)];
        for (int i = 0; i < boxes.Length; i++)
            boxes[i] = random.NextDouble() < _probability ? Choose(random, height, width) : default;
        return where(Box.Mask(boxes, height, width, images.device), _value.to(images.device).to(images.dtype), images);
    }

    private Box Choose(Random random, int height, int width)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double pixels = height * width * Between(random, _area);
            double ratio = Math.Exp(Between(random, (Math.Log(_ratio.Least), Math.Log(_ratio.Most))));
            int h = (int)Math.Round(Math.Sqrt(pixels * ratio)), w = (int)Math.Round(Math.Sqrt(pixels / ratio));
            if (h < height && w < width)
                return new Box(random.Next(height - h + 1), random.Next(width - w + 1), h, w);
        }

        return default;
    }

    private static double Between(Random random, (double Least, double Most) range) => range.Least + ((range.Most - range.Least) * random.NextDouble());

    private static (double Least, double Most) Range((double Least, double Most) range, string name, double limit) =>
        range.Least > 0 && range.Least <= range.Most && range.Most <= limit
            ? range
            : throw new ArgumentException($"{name} is {range.Least} to {range.Most}. Expected 0 < least <= most <= {(limit > 1 ? "anything finite" : "1")}.", name);
}
