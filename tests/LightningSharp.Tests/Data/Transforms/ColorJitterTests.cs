using LightningSharp.Data.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data.Transforms;

public sealed class ColorJitterTests : IDisposable
{
    private static readonly RandomKey Key = new(1, 2, 3);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Images(int count = 4, int channels = 3, int height = 5, int width = 3)
    {
        var generator = new Generator(7);
        return rand([count, channels, height, width], generator: generator);
    }

    /// <summary>The amounts that the transform draws when only one property is on: after the order, one per image.</summary>
    private static double[] Amounts(int count, double least, double most)
    {
        var random = Key.Create(RandomKey.Salt(typeof(ColorJitter)));
        int[] order = [0, 1, 2, 3];
        random.Shuffle(order);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)(least + ((most - least) * random.NextDouble())))];
    }

    private static double Clamp(double value) => Math.Clamp(value, 0, 1);

    private static void Compare(Tensor images, Tensor changed, Func<int, double[], double[], double[]> pixel)
    {
        var (n, h, w) = ((int)images.size(0), (int)images.size(2), (int)images.size(3));
        for (int i = 0; i < n; i++)
        {
            double[] grey = [Grey([.. Enumerable.Range(0, h * w).SelectMany(at => Colour(images, i, at / w, at % w))])];
            for (int at = 0; at < h * w; at++)
            {
                double[] expected = pixel(i, Colour(images, i, at / w, at % w), grey), actual = Colour(changed, i, at / w, at % w);
                for (int c = 0; c < 3; c++)
                    Assert.Equal(expected[c], actual[c], 1e-5);   // a handful of float operations on values up to 1
            }
        }
    }

    private static double[] Colour(Tensor images, int i, int y, int x) => [.. Enumerable.Range(0, 3).Select(c => (double)images[i, c, y, x].ToSingle())];

    private static double Grey(double[] colours) => colours.Chunk(3).Average(rgb => (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]));

    [Fact]
    public void Brightness_multiplies()
    {
        var images = Images();
        var factors = Amounts(4, 0.4, 1.6);

        Compare(images, new ColorJitter(brightness: 0.6).Apply(images, Key), (i, rgb, _) => [.. rgb.Select(value => Clamp(value * factors[i]))]);
    }

    [Fact]
    public void Contrast_moves_from_or_to_the_mean_grey()
    {
        var images = Images();
        var factors = Amounts(4, 0, 2.5);   // 1 - 1.5 is cut at 0

        Compare(images, new ColorJitter(contrast: 1.5).Apply(images, Key), (i, rgb, grey) => [.. rgb.Select(value => Clamp((factors[i] * value) + ((1 - factors[i]) * grey[0])))]);
    }

    [Fact]
    public void Saturation_moves_from_or_to_each_pixels_grey()
    {
        var images = Images();
        var factors = Amounts(4, 0.2, 1.8);

        Compare(images, new ColorJitter(saturation: 0.8).Apply(images, Key), (i, rgb, _) => [.. rgb.Select(value => Clamp((factors[i] * value) + ((1 - factors[i]) * Grey(rgb))))]);
    }

    [Fact]
    public void Hue_turns_the_colour_circle()
    {
        var images = Images();
        images[0, .., 0, 0] = tensor([0.3f, 0.3f, 0.3f]);   // a grey, black, and each of the primary colours
        images[0, .., 0, 1] = zeros(3);
        for (int c = 0; c < 3; c++)
            images[1, c, 0, c].fill_(1);
        var turns = Amounts(4, -0.5, 0.5);

        Compare(images, new ColorJitter(hue: 0.5).Apply(images, Key), (i, rgb, _) => Turned(rgb, turns[i]));
    }

    /// <summary>By hue, saturation and value with a case per sixth, as the textbooks have it.</summary>
    private static double[] Turned(double[] rgb, double turn)
    {
        double most = rgb.Max(), least = rgb.Min(), range = most - least;
        if (range == 0)
            return rgb;
        double hue = most == rgb[0] ? (rgb[1] - rgb[2]) / range : most == rgb[1] ? 2 + ((rgb[2] - rgb[0]) / range) : 4 + ((rgb[0] - rgb[1]) / range);
        hue = (((hue / 6) + turn) % 1 + 1) % 1 * 6;
        double part = hue - Math.Floor(hue), down = most - (range * part), up = least + (range * part);
        return (int)Math.Floor(hue) switch
        {
            0 => [most, up, least],
            1 => [down, most, least],
            2 => [least, most, up],
            3 => [least, down, most],
            4 => [up, least, most],
            _ => [most, least, down],
        };
    }

    [Fact]
    public void Red_turned_by_a_third_is_green()
    {
        var images = tensor([1f, 0, 0]).reshape(1, 3, 1, 1);

        var green = Colours.TurnHue(images, tensor([1f / 3]).reshape(1, 1, 1, 1)).flatten().data<float>().ToArray();

        Assert.Equal([0, 1, 0], green.Select(value => Math.Round(value, 5)));
    }

    [Fact]
    public void Greys_have_no_saturation_and_no_hue_but_brightness()
    {
        var images = Images(channels: 1);

        Assert.True(new ColorJitter(saturation: 0.9, hue: 0.5).Apply(images, Key).Equals(images));
        Assert.False(new ColorJitter(brightness: 0.9).Apply(images, Key).Equals(images));
    }

    [Fact]
    public void Bytes_stay_bytes_and_change_as_their_values_do()
    {
        var bytes = Images(height: 4, width: 7).mul(255).round().to(ScalarType.Byte);
        var jitter = new ColorJitter(0.4, 0.4, 0.4, 0.1);

        var changed = jitter.Apply(bytes, Key);

        Assert.Equal(ScalarType.Byte, changed.dtype);
        Assert.Equal(bytes.shape, changed.shape);
        Assert.True(changed.Equals(jitter.Apply(bytes.to(ScalarType.Float32).div(255), Key).mul(255).round().to(ScalarType.Byte)));
        Assert.False(changed.Equals(bytes));
    }

    [Fact]
    public void The_key_alone_decides_amounts_and_order()
    {
        var images = Images();
        var before = images.clone();
        var jitter = new ColorJitter(0.4, 0.4, 0.4, 0.2);

        var first = jitter.Apply(images, Key);

        Assert.True(first.Equals(jitter.Apply(images, Key)));
        Assert.False(first.Equals(jitter.Apply(images, Key with { Epoch = 9 })));
        Assert.False(first.Equals(jitter.Apply(images, Key with { Index = 9 })));
        Assert.True(images.Equals(before));
        Assert.True(new ColorJitter().Apply(images, Key).Equals(images));
        long live = LiveTensors.Settle();
        using var again = jitter.Apply(images, Key);
        Assert.Equal(live + 1, Tensor.TotalCount);
    }

    [Fact]
    public void Impossible_strengths_and_channels_are_refused()
    {
        Assert.Contains("hue = 0.6: expected 0 to 0.5", Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(hue: 0.6)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(brightness: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(contrast: double.NaN));
        Assert.Contains("4 channels", Assert.Throws<ArgumentException>(() => new ColorJitter(0.1).Apply(rand(1, 4, 2, 2), Key)).Message, StringComparison.Ordinal);
    }
}
