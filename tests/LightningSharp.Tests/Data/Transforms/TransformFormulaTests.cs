using LightningSharp.Data;
using LightningSharp.Data.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data.Transforms;

/// <summary>Each transform against its formula written out, on images that are not square, on bytes, on batches of one.</summary>
public sealed class TransformFormulaTests : IDisposable
{
    private static readonly RandomKey Key = new(4, 1, 6);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Bytes(int count, int channels, int height, int width) => randint(0, 256, [count, channels, height, width], generator: new Generator(3)).to(ScalarType.Byte);

    [Theory]
    [InlineData(7, 4)]
    [InlineData(4, 9)]
    [InlineData(5, 5)]
    public void A_rotation_reads_each_pixel_where_the_turned_grid_lies(int height, int width)
    {
        var images = rand([2, 1, height, width], generator: new Generator(1));
        var random = Key.Create(RandomKey.Salt(typeof(RandomRotation)));
        double[] angles = [.. Enumerable.Range(0, 2).Select(_ => 50 * Math.PI / 180 * ((2 * random.NextDouble()) - 1))];

        var turned = new RandomRotation(50).Apply(images, Key);

        for (int i = 0; i < 2; i++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    // in pixels about the middle, so that the aspect ratio does not enter
                    double dx = x - ((width - 1) / 2.0), dy = y - ((height - 1) / 2.0);
                    double fromX = (Math.Cos(angles[i]) * dx) - (Math.Sin(angles[i]) * dy) + ((width - 1) / 2.0), fromY = (Math.Sin(angles[i]) * dx) + (Math.Cos(angles[i]) * dy) + ((height - 1) / 2.0);
                    Assert.Equal(Bilinear(images[i, 0], fromY, fromX), turned[i, 0, y, x].ToSingle(), 1e-4);   // float coordinates up to 9 and products of four
                }
            }
        }
    }

    private static double Bilinear(Tensor image, double y, double x)
    {
        double sum = 0;
        for (int top = (int)Math.Floor(y); top <= (int)Math.Floor(y) + 1; top++)
        {
            for (int left = (int)Math.Floor(x); left <= (int)Math.Floor(x) + 1; left++)
            {
                if (top >= 0 && left >= 0 && top < image.size(0) && left < image.size(1))
                    sum += (1 - Math.Abs(y - top)) * (1 - Math.Abs(x - left)) * image[top, left].ToSingle();
            }
        }

        return sum;
    }

    [Fact]
    public void A_rotation_of_bytes_rounds_and_does_not_darken()
    {
        var white = full([16, 1, 21, 21], 255, ScalarType.Byte);

        var turned = new RandomRotation(90).Apply(white, Key);

        Assert.Equal(ScalarType.Byte, turned.dtype);
        // within the circle about the centre everything comes from inside the image, and stays white
        Assert.Equal(255, turned[.., .., 6..15, 6..15].min().ToByte());
    }

    [Fact]
    public void A_crop_of_bytes_pads_with_black_and_moves_each_image_by_itself()
    {
        var images = Bytes(32, 3, 6, 9);
        var random = Key.Create(RandomKey.Salt(typeof(RandomCrop)));
        var padded = nn.functional.pad(images.to(ScalarType.Float32), [2, 2, 2, 2]).to(ScalarType.Byte);

        var cropped = new RandomCrop(5, 8, padding: 2).Apply(images, Key);

        Assert.Equal(ScalarType.Byte, cropped.dtype);
        for (int i = 0; i < 32; i++)
        {
            int top = random.Next(6 + 4 - 5 + 1), left = random.Next(9 + 4 - 8 + 1);
            Assert.True(cropped[i].Equals(padded[i, .., top..(top + 5), left..(left + 8)]));
        }
    }

    [Fact]
    public void Flips_and_erasures_of_bytes_stay_bytes()
    {
        var images = Bytes(8, 3, 6, 9);

        Assert.True(new RandomFlip(1).Apply(images, Key).Equals(images.flip(3)));
        Assert.True(new RandomFlip(1, vertical: true).Apply(images, Key).Equals(images.flip(2)));
        using var erasing = new RandomErasing(1, value: 7);
        var erased = erasing.Apply(images, Key);
        Assert.Equal(ScalarType.Byte, erased.dtype);
        var changed = erased.ne(images);
        Assert.True(erased.masked_select(changed).eq(7).all().ToBoolean());
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(12, 40)]
    [InlineData(40, 12)]
    public void An_erasure_is_one_rectangle_the_same_in_all_channels(int height, int width)
    {
        using var erasing = new RandomErasing(1, value: -1);

        var erased = erasing.Apply(ones(40, 3, height, width), Key).eq(-1);

        var mask = erased[.., 0];
        Assert.True(erased.Equals(mask.unsqueeze(1).expand(40, 3, height, width)));
        for (int i = 0; i < 40; i++)
        {
            long rows = mask[i].any(1).sum().ToInt64(), columns = mask[i].any(0).sum().ToInt64(), pixels = mask[i].sum().ToInt64();
            Assert.Equal(rows * columns, pixels);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Normalising_keeps_the_type_of_the_images(ScalarType type)
    {
        using var normalize = new Normalize([0.5], [0.25]);

        var result = normalize.Apply(ones([1, 3, 2, 5], type), Key);

        Assert.Equal(type, result.dtype);
        Assert.Equal(2.0, result[0, 2, 1, 4].to(ScalarType.Float64).ToDouble());
    }

    [Theory]
    [InlineData(ScalarType.Byte, 51, (0.2 - 0.3) / 0.4)]
    [InlineData(ScalarType.Float32, 51, (51 - 0.3) / 0.4)]
    [InlineData(ScalarType.Int64, 51, (51 - 0.3) / 0.4)]
    public void Only_bytes_are_divided_by_255(ScalarType type, int value, double expected)
    {
        using var normalize = new Normalize([0.3], [0.4]);

        Assert.Equal(expected, normalize.Apply(full([1, 1, 1, 1], value, type), Key).to(ScalarType.Float64)[0, 0, 0, 0].ToDouble(), 1e-4);
    }

    [Fact]
    public void MixUp_is_the_weighted_sum_with_one_partner_and_one_weight()
    {
        var images = rand([5, 2, 3, 4], generator: new Generator(2));
        var labels = tensor(new long[] { 2, 0, 1, 2, 1 });
        var random = Key.Create(RandomKey.Salt(typeof(MixUp)));
        long[] partner = [0, 1, 2, 3, 4];
        random.Shuffle(partner);
        float other = (float)(1 - Distributions.Beta(random, 0.7));

        var (x, y) = new MixUp(3, alpha: 0.7).Apply(images, labels, Key);

        for (int i = 0; i < 5; i++)
        {
            Assert.True(x[i].allclose((images[i] * (1 - other)) + (images[partner[i]] * other), 1e-6, 1e-6));
            for (int k = 0; k < 3; k++)
                Assert.Equal(((labels[i].ToInt64() == k ? 1 : 0) * (1 - other)) + ((labels[partner[i]].ToInt64() == k ? 1 : 0) * other), y[i, k].ToSingle(), 1e-6);
        }
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(6, 20)]
    [InlineData(20, 6)]
    public void CutMix_replaces_one_rectangle_and_weighs_labels_by_what_is_left(int height, int width)
    {
        var images = rand([4, 2, height, width], generator: new Generator(2));
        var labels = tensor(new long[] { 0, 1, 2, 3 });
        int pasted = 0;
        for (int index = 0; index < 10; index++)
        {
            var key = Key with { Index = index };
            var random = key.Create(RandomKey.Salt(typeof(CutMix)));
            long[] partner = [0, 1, 2, 3];
            random.Shuffle(partner);

            var (x, y) = new CutMix(4).Apply(images, labels, key);

            var others = images.index_select(0, tensor(partner));
            var fromOther = x.ne(images);
            Assert.True(x.Equals(where(fromOther, others, images)));
            int who = Array.FindIndex(partner, 0, p => p != Array.IndexOf(partner, p));
            if (who < 0) continue;
            long pixels = fromOther[who, 0].sum().ToInt64(), rows = fromOther[who, 0].any(1).sum().ToInt64(), columns = fromOther[who, 0].any(0).sum().ToInt64();
            Assert.Equal(rows * columns, pixels);
            Assert.Equal(1 - ((double)pixels / (height * width)), y[who, who].ToSingle(), 1e-6);
            Assert.Equal(1, y[who].sum().ToSingle(), 1e-6);
            pasted += pixels > 0 ? 1 : 0;
        }

        Assert.True(pasted > 5);
    }

    [Fact]
    public void A_batch_of_one_has_itself_as_partner()
    {
        var image = rand(1, 3, 4, 6);
        var label = tensor(new long[] { 2 });

        var (mixed, mixedLabel) = new MixUp(4).Apply(image, label, Key);
        var (cut, cutLabel) = new CutMix(4).Apply(image, label, Key);

        Assert.True(mixed.allclose(image));
        Assert.True(cut.Equals(image));
        Assert.Equal([0f, 0, 1, 0], mixedLabel[0].data<float>().ToArray());
        Assert.Equal([0f, 0, 1, 0], cutLabel[0].data<float>().ToArray());
        foreach (BatchTransform transform in (BatchTransform[])[new RandomFlip(), new RandomCrop(3), new RandomRotation(20), new RandomErasing(), new ColorJitter(0.2, 0.2, 0.2, 0.1)])
            Assert.Equal(1, transform.Apply(image, Key).size(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_number_of_workers_never_changes_what_the_transforms_do(int workers)
    {
        var data = Dataset.From(12, [3, 6, 5], (int i, Span<float> x) => new Random(i).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(x)), i => (long)i % 4);
        var augment = BatchTransform.Compose(new RandomCrop(5, padding: 1), new RandomFlip(), new RandomErasing());
        string Bits(int threads)
        {
            var text = new System.Text.StringBuilder();
            var loader = new DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 5, shuffle: true, seed: 1, workers: threads);
            int batch = 0;
            foreach (var (x, y) in loader)
            {
                var (mixed, labels) = new CutMix(4).Apply(augment.Apply(x.nan_to_num(0, 1, 0), new(1, 0, batch)), y, new(1, 0, batch++));
                text.Append(Convert.ToHexString(mixed.contiguous().bytes)).Append(Convert.ToHexString(labels.contiguous().bytes));
            }

            return text.ToString();
        }

        Assert.Equal(Bits(0), Bits(workers));
    }
}
