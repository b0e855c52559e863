using LightningSharp.Logging;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public sealed class MetricValueTests
{
    [Fact]
    public void The_number_of_a_tensor_is_read_whatever_its_type_and_shape()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1.5, MetricValue.ReadTensor(tensor(1.5f)));
        Assert.Equal(1 / 3.0, MetricValue.ReadTensor(tensor(1 / 3.0)));
        Assert.Equal(2.5, MetricValue.ReadTensor(tensor(new[] { 2.5f }).reshape(1, 1)));
        Assert.Equal(7, MetricValue.ReadTensor(tensor(7L)));
        Assert.Equal(1, MetricValue.ReadTensor(tensor(true)));
        Assert.Equal(0.5, MetricValue.ReadTensor(tensor(0.5f).bfloat16()));
        Assert.Equal(3, MetricValue.ReadTensor(tensor(new[] { 1f, 2f, 3f })[2])); // behind an offset
        Assert.Equal(4, MetricValue.ReadTensor(tensor(2f, requires_grad: true).square()));
        Assert.True(double.IsNaN(MetricValue.ReadTensor(tensor(float.NaN))));
    }

    [Fact]
    public void A_number_whose_sign_is_still_to_be_turned_is_turned()
    {
        using var scope = NewDisposeScope();
        var imaginary = complex(tensor(1f), tensor(2f)).conj().imag; // a view with libtorch's lazy minus

        Assert.Equal(-2, MetricValue.ReadTensor(imaginary));
    }

    [Fact]
    public void A_disposed_tensor_is_an_exception()
    {
        var loss = tensor(1f);
        loss.Dispose();

        Assert.ThrowsAny<Exception>(() => MetricValue.ReadTensor(loss));
    }
}
