using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Native;

public class TensorLayoutTests
{
    [Fact]
    public void Dense_means_one_block_without_gaps_or_overlap()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, 4);

        Assert.True(TensorLayout.IsDense(x.Handle));
        Assert.True(TensorLayout.IsDense(x.permute(2, 0, 1).Handle));
        Assert.True(TensorLayout.IsDense(zeros(0, 3).Handle));
        Assert.True(TensorLayout.IsDense(tensor(1f).Handle));
        Assert.False(TensorLayout.IsDense(x.narrow(1, 0, 2).Handle));
        Assert.False(TensorLayout.IsDense(x.narrow(0, 0, 1).expand(5, 3, 4).Handle));
        Assert.False(TensorLayout.IsDense(zeros(3).to_sparse().Handle));
    }

    [Fact]
    public void Strides_of_dimensions_of_size_one_do_not_matter()
    {
        using var scope = NewDisposeScope();
        var x = zeros(4, 1, 3, 3);
        var last = x.as_strided([4, 1, 3, 3], [9, 1, 3, 1]);

        Assert.True(TensorLayout.Same(x.Handle, last.Handle));
        Assert.False(TensorLayout.Same(zeros(2, 3).Handle, zeros(3, 2).t().Handle));
        Assert.False(TensorLayout.Same(zeros(2, 3).Handle, zeros(3, 2).Handle));
    }
}
