using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Arithmetic with colours, on images [B, C, H, W] with values from 0 to 1. Scalars are held: implicit ones may be finalized while libtorch reads them.</summary>
internal static class Colours
{
    public static readonly Scalar Zero = 0.0, One = 1.0;
    private static readonly Scalar Two = 2.0, Four = 4.0, Six = 6.0, Byte = 255.0;

    // the luma of ITU-R BT.601
    private static readonly Scalar Red = 0.299, Green = 0.587, Blue = 0.114;

    public static Tensor FromBytes(Tensor images) => images.to(ScalarType.Float32).div_(Byte);

    public static Tensor ToBytes(Tensor values, ScalarType type) => values.mul(Byte).round_().to(type);

    /// <summary>The brightness of each pixel: [B, 1, H, W].</summary>
    public static Tensor Grey(Tensor values)
    {
        if (values.size(1) == 1)
            return values;
        return values.narrow(1, 0, 1).mul(Red).add_(values.narrow(1, 1, 1), Green).add_(values.narrow(1, 2, 1), Blue);
    }

    /// <summary>share * values + (1 - share) * others, kept between 0 and 1.</summary>
    public static Tensor Blend(Tensor values, Tensor others, Tensor share) => values.sub(others).mul_(share).add_(others, One).clamp_(Zero, One);

    /// <summary>Turns the colour circle by a share of it: to hue, saturation and value (Smith 1978) and back.</summary>
    public static Tensor TurnHue(Tensor values, Tensor turn)
    {
        var (red, green, blue) = (values.narrow(1, 0, 1), values.narrow(1, 1, 1), values.narrow(1, 2, 1));
        var most = values.amax([1], keepdim: true);
        var range = most.sub(values.amin([1], keepdim: true));
        var isGrey = range.eq(Zero);
        var divisor = range.masked_fill(isGrey, One);   // greys have no hue; any will do
        // in sixths of the circle, from the channel that is the strongest
        var hue = where(
            red.eq(most),
            green.sub(blue).div_(divisor),
            where(green.eq(most), blue.sub(red).div_(divisor).add_(Two), red.sub(green).div_(divisor).add_(Four)));
        hue = hue.add_(turn, Six);
        return cat([Channel(5), Channel(3), Channel(1)], 1).clamp_(Zero, One);

        // value - range * max(0, min(k, 4 - k, 1)) with k = (n + hue) modulo 6
        Tensor Channel(double n)
        {
            using Scalar offset = n;
            var k = hue.add(offset).remainder(Six);
            var distance = k.neg().add_(Four);
            return most.sub(minimum(k, distance).clamp_(Zero, One).mul_(range));
        }
    }
}
