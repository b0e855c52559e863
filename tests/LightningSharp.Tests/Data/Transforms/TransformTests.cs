using LightningSharp.Data.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data.Transforms;

public sealed class TransformTests : IDisposable
{
    private static readonly RandomKey Key = new(1, 2, 3);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Images(int count = 8, int channels = 3, int height = 6, int width = 5) =>
        arange(count * channels * height * width, ScalarType.Float32).reshape(count, channels, height, width).add(1);

    public static TheoryData<BatchTransform> RandomTransforms => [new RandomFlip(), new RandomFlip(vertical: true), new RandomCrop(4, padding: 1), new RandomRotation(30), new RandomErasing(0.9)];

    [Theory]
    [MemberData(nameof(RandomTransforms), DisableDiscoveryEnumeration = true)]
    public void The_key_alone_decides(BatchTransform transform)
    {
        var images = Images(16);
        var before = images.clone();

        var first = transform.Apply(images, Key);

        Assert.True(first.Equals(transform.Apply(images, Key)));
        Assert.False(first.Equals(transform.Apply(images, Key with { Seed = 9 })));
        Assert.False(first.Equals(transform.Apply(images, Key with { Epoch = 9 })));
        Assert.False(first.Equals(transform.Apply(images, Key with { Index = 9 })));
        Assert.True(images.Equals(before));
    }

    [Theory]
    [MemberData(nameof(RandomTransforms), DisableDiscoveryEnumeration = true)]
    public void One_tensor_is_made_and_nothing_left_behind(BatchTransform transform)
    {
        var images = Images();
        transform.Apply(images, Key).Dispose();
        long before = LiveTensors.Settle();

        using var result = transform.Apply(images, Key);

        Assert.Equal(before + 1, Tensor.TotalCount);
    }

    [Fact]
    public void Normalize_takes_bytes_and_floats()
    {
        using var normalize = new Normalize([0.5, 0.25], [0.5, 0.25]);
        var bytes = full([1, 2, 1, 1], 255, ScalarType.Byte);

        var fromBytes = normalize.Apply(bytes, Key);

        Assert.Equal(1f, fromBytes[0, 0, 0, 0].ToSingle());
        Assert.Equal(3f, fromBytes[0, 1, 0, 0].ToSingle());
        Assert.True(fromBytes.Equals(normalize.Apply(ones(1, 2, 1, 1), Key)));
        Assert.Throws<ArgumentException>(() => normalize.Apply(ones(1, 3, 1, 1), Key));
    }

    [Fact]
    public void A_flip_mirrors_exactly_the_chosen_images()
    {
        var images = Images();

        Assert.True(new RandomFlip(1).Apply(images, Key).Equals(images.flip(3)));
        Assert.True(new RandomFlip(1, vertical: true).Apply(images, Key).Equals(images.flip(2)));
        Assert.True(new RandomFlip(0).Apply(images, Key).Equals(images));
        var half = new RandomFlip().Apply(images, Key);
        for (int i = 0; i < 8; i++)
            Assert.True(half[i].Equals(images[i]) || half[i].Equals(images[i].flip(2)));
    }

    [Fact]
    public void A_crop_is_a_window_of_the_padded_image()
    {
        var images = Images();
        var padded = nn.functional.pad(images, [2, 2, 2, 2]);

        var cropped = new RandomCrop(4, 3, padding: 2).Apply(images, Key);

        Assert.Equal([8L, 3, 4, 3], cropped.shape);
        for (int i = 0; i < 8; i++)
        {
            bool found = false;
            for (int y = 0; y <= 6; y++)
            {
                for (int x = 0; x <= 6; x++)
                    found |= padded[i, .., y..(y + 4), x..(x + 3)].Equals(cropped[i]);
            }

            Assert.True(found);
        }

        Assert.Throws<ArgumentException>(() => new RandomCrop(7).Apply(images, Key));
    }

    [Fact]
    public void A_rotation_by_nothing_changes_nothing_and_a_quarter_turn_turns()
    {
        var images = Images(height: 5, width: 5);

        var still = new RandomRotation(0).Apply(images, Key);

        // bilinear weights of coordinates that are rounded to floats: relative error of some 1e-6 of values up to 600
        Assert.True(still.sub(images).abs().max().ToSingle() < 1e-2f);
        Assert.True(new RandomRotation(180).Apply(ones(4, 1, 9, 9), Key)[.., 0, 4, 4].sub(1).abs().max().ToSingle() < 1e-5f);   // the centre stays
    }

    [Fact]
    public void Erasing_fills_one_rectangle_within_the_range()
    {
        using var erasing = new RandomErasing(1, area: (0.1, 0.2), ratio: (0.5, 2), value: -1);

        var erased = erasing.Apply(Images(64, 1, 20, 20), Key).eq(-1).sum([1, 2, 3]).data<long>().ToArray();

        // sides are rounded to whole pixels: at most half a pixel on sides of 4 to 13
        Assert.All(erased, pixels => Assert.InRange(pixels, 30, 96));
        Assert.True(erased.Distinct().Count() > 5);
    }

    [Fact]
    public void MixUp_mixes_images_and_labels_alike()
    {
        var labels = arange(8, ScalarType.Int64);
        var images = nn.functional.one_hot(labels, 8).to(ScalarType.Float32).reshape(8, 1, 8, 1);

        var (x, y) = new MixUp(8, alpha: 1).Apply(images, labels, Key);

        Assert.True(x.reshape(8, 8).allclose(y));   // images that are their own labels stay so
        Assert.True(y.sum(1).allclose(ones(8)));
        Assert.False(y.Equals(images.reshape(8, 8)));
    }

    [Fact]
    public void CutMix_weighs_labels_by_the_area()
    {
        var labels = tensor(new long[] { 0, 1 });
        var images = labels.to(ScalarType.Float32).reshape(2, 1, 1, 1).expand(2, 1, 10, 10).contiguous();
        bool mixed = false;
        for (int i = 0; i < 10; i++)
        {
            var (x, y) = new CutMix(2).Apply(images, labels, Key with { Index = i });

            Assert.True(x.mean([1, 2, 3]).allclose(y[.., 1]));   // the share of ones is the weight of label 1
            mixed |= !x.Equals(images);
        }

        Assert.True(mixed);
    }

    [Fact]
    public void Composed_transforms_run_in_order_and_draw_their_own_numbers()
    {
        using var normalize = new Normalize([0.5], [0.5]);
        var images = Images();

        var composed = BatchTransform.Compose(new RandomFlip(1), normalize).Apply(images, Key);
        var twice = BatchTransform.Compose(new RandomFlip(), new RandomFlip()).Apply(images, Key);

        Assert.True(composed.allclose(images.flip(3).sub(0.5).div(0.5)));
        Assert.False(twice.Equals(images));   // the same numbers twice would undo each flip
    }

    [Fact]
    public void Wrong_shapes_and_arguments_are_refused()
    {
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => new RandomFlip().Apply(ones(2, 3), Key)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFlip(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(200));
        Assert.Throws<ArgumentException>(() => new Normalize([0.5], [0.0]));
        Assert.Throws<ArgumentException>(() => new RandomErasing(area: (0.5, 0.1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixUp(10, alpha: 0));
        Assert.Throws<ArgumentException>(() => new MixUp(10).Apply(ones(2, 1, 1, 1), ones(2), Key));
        Assert.Throws<ArgumentException>(() => new CutMix(10).Apply(ones([2, 1, 1, 1], ScalarType.Byte), zeros([2], ScalarType.Int64), Key));
    }
}
