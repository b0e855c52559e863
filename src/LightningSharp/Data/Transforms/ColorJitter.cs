using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>
/// Changes brightness, contrast, saturation and hue of each image at random, in an order drawn per batch. For images of one or three channels with values from 0 to 1, or bytes: use it
/// before <see cref="Normalize"/>. Greys have no saturation and no hue.
/// </summary>
public sealed class ColorJitter : BatchTransform
{
    private readonly double[] _strengths;

    /// <summary>Sets how far each property may change; 0, the default, leaves it.</summary>
    /// <param name="brightness">The values are multiplied by a factor between 1 - brightness (at least 0) and 1 + brightness.</param>
    /// <param name="contrast">The distance of the values from the image's mean grey is multiplied by a factor of that kind.</param>
    /// <param name="saturation">The distance of each pixel from its own grey is multiplied by a factor of that kind.</param>
    /// <param name="hue">The hue is turned by a part of the colour circle between -hue and +hue, 0.5 at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">A strength is negative or no number, or the hue larger than 0.5.</exception>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
    {
        _strengths = [Strength(brightness, nameof(brightness), double.MaxValue), Strength(contrast, nameof(contrast), double.MaxValue),
            Strength(saturation, nameof(saturation), double.MaxValue), Strength(hue, nameof(hue), 0.5)];
    }

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        if (images.size(1) is not (1 or 3))
            throw new ArgumentException($"The images have {images.size(1)} channels. Expected one (grey) or three (red, green, blue).", nameof(images));
        var random = key.Create(salt);
        int[] order = [0, 1, 2, 3];
        random.Shuffle(order);
        var values = images.is_floating_point() ? images : Colours.FromBytes(images);
        foreach (int property in order)
        {
            double strength = _strengths[property];
            if (strength == 0)
                continue;
            var amounts = HostTensor.Of(Amounts(random, (int)images.size(0), property, strength), images.device, images.size(0), 1, 1, 1).to(values.dtype);
            if (property < 2 || images.size(1) == 3)
                values = Turn(values, property, amounts);
        }

        return images.is_floating_point() ? values : Colours.ToBytes(values, images.dtype);
    }

    private static Tensor Turn(Tensor values, int property, Tensor amounts) => property switch
    {
        0 => values.mul(amounts).clamp_(Colours.Zero, Colours.One),
        1 => Colours.Blend(values, Colours.Grey(values).mean([1, 2, 3], keepdim: true), amounts),
        2 => Colours.Blend(values, Colours.Grey(values), amounts),
        _ => Colours.TurnHue(values, amounts),
    };

    private static float[] Amounts(Random random, int count, int property, double strength)
    {
        var (least, most) = property == 3 ? (-strength, strength) : (Math.Max(0, 1 - strength), 1 + strength);
        var amounts = new float[count];
        for (int i = 0; i < count; i++)
            amounts[i] = (float)(least + ((most - least) * random.NextDouble()));
        return amounts;
    }

    private static double Strength(double value, string name, double most) => value >= 0 && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} = {value}: expected {(most < 1 ? $"0 to {most}" : "0 or more")}.");
}
