using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class IrisTests
{
    [Fact]
    public void The_set_is_the_published_one()
    {
        using var scope = NewDisposeScope();
        var iris = new Iris();

        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(iris, batchSize: 150).Single();

        Assert.Equal([150L, 4], x.shape);
        Assert.Equal(["setosa", "versicolor", "virginica"], iris.ClassNames);
        Assert.Equal([50, 50, 50], Enumerable.Range(0, 3).Select(species => y.data<long>().ToArray().Count(label => label == species)));
        Assert.Equal([876.5, 458.6, 563.7, 179.9], x.to(ScalarType.Float64).sum([0]).data<double>().ToArray().Select(sum => Math.Round(sum, 1)));   // Fisher's totals
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], x[0].data<float>().ToArray());
        Assert.Equal([4.9f, 3.1f, 1.5f, 0.2f], x[34].data<float>().ToArray());   // two flowers that a wide-spread copy has wrong
        Assert.Equal([4.9f, 3.6f, 1.4f, 0.1f], x[37].data<float>().ToArray());
    }
}
