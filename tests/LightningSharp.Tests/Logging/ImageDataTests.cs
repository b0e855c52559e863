using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public class ImageDataTests
{
    [Fact]
    public void Floats_from_0_to_1_become_bytes_and_what_lies_outside_is_cut()
    {
        using var image = tensor(new[] { 0f, 0.5f, 1f, -1f, 2f, float.NaN }).reshape(2, 3);

        var data = ImageData.FromTensor(image);

        Assert.Equal((3, 2, 1), (data.Width, data.Height, data.Channels));
        Assert.Equal([0, 128, 255, 0, 255, 0], data.Pixels.ToArray());
    }

    [Fact]
    public void Channels_come_last()
    {
        using var image = tensor(new byte[] { 1, 2, 3, 4, 5, 6 }).reshape(3, 1, 2);

        var data = ImageData.FromTensor(image);

        Assert.Equal((2, 1, 3), (data.Width, data.Height, data.Channels));
        Assert.Equal([1, 3, 5, 2, 4, 6], data.Pixels.ToArray());
    }

    [Fact]
    public void A_batch_becomes_a_grid_of_eight_in_a_row()
    {
        using var pictures = ones(9, 1, 1, 3).mul(arange(1, 10).reshape(9, 1, 1, 1)).to_type(ScalarType.Byte);

        var data = ImageData.FromTensor(pictures);

        Assert.Equal(((8 * 5) - 2, (2 * 3) - 2, 1), (data.Width, data.Height, data.Channels));
        var row = data.Pixels.Span[..data.Width].ToArray();
        Assert.Equal([1, 1, 1, 0, 0, 2, 2, 2, 0, 0], row[..10]);
        Assert.Equal([9, 9, 9, 0], data.Pixels.Span.Slice(3 * data.Width, 4).ToArray());
    }

    [Theory]
    [InlineData(new long[] { 4 })]
    [InlineData(new long[] { 2, 4, 4 })]
    [InlineData(new long[] { 1, 2, 4, 4 })]
    [InlineData(new long[] { 0, 1, 4, 4 })]
    public void Other_shapes_are_refused(long[] shape)
    {
        using var image = zeros(shape);

        Assert.Contains($"received [{string.Join(", ", shape)}]", Assert.Throws<ArgumentException>(() => ImageData.FromTensor(image)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2, 1, 4, true)]
    [InlineData(2, 2, 4, 16, true)]
    [InlineData(2, 2, 2, 8, false)]
    [InlineData(2, 2, 3, 11, false)]
    [InlineData(0, 2, 1, 0, false)]
    [InlineData(2, 0, 1, 0, false)]
    public void Bytes_must_fit_the_size(int width, int height, int channels, int bytes, bool fits)
    {
        var error = Record.Exception(() => new ImageData(width, height, channels, new byte[bytes]));

        Assert.Equal(fits, error is null);
        Assert.True(error is null or ArgumentException);
    }

    [Fact]
    public void A_picture_with_gradients_leaves_the_grad_mode_and_no_tensor_behind()
    {
        using var image = ones(4, 4, requires_grad: true);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _ = ImageData.FromTensor(image);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(is_grad_enabled());
    }
}
